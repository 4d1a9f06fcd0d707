package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BehavioursTest {
  private static final Behaviour OTHERWISE =
      new Behaviour(PathPattern.ALL, "default", null, Set.of("GET"));

  /** Behaviours with these patterns, whose origins say which they are. */
  private static Behaviours of(String... patterns) {
    var ordered = new ArrayList<Behaviour>();
    for (String pattern : patterns) {
      ordered.add(new Behaviour(PathPattern.of(pattern), pattern, null, Set.of("GET")));
    }
    return Behaviours.of(ordered, OTHERWISE);
  }

  private static String chosen(Behaviours behaviours, String path) {
    return String.valueOf(behaviours.of(path).origin());
  }

  @Test
  void theFirstThatMatchesCountsAndNotTheLongest() {
    Behaviours behaviours = of("/api/*", "/api/private/*", "/api/exact", "*.jpg", "/img/*");
    assertThat(chosen(behaviours, "/api/private/x")).isEqualTo("/api/*");
    assertThat(chosen(behaviours, "/api/exact")).isEqualTo("/api/*");
    assertThat(chosen(behaviours, "/img/a.jpg")).isEqualTo("*.jpg");
    assertThat(chosen(behaviours, "/img/a.png")).isEqualTo("/img/*");
    assertThat(chosen(behaviours, "/api")).isEqualTo("default");
    Behaviours reverse = of("/img/*", "*.jpg", "/api/exact", "/api/private/*", "/api/*");
    assertThat(chosen(reverse, "/api/private/x")).isEqualTo("/api/private/*");
    assertThat(chosen(reverse, "/api/exact")).isEqualTo("/api/exact");
    assertThat(chosen(reverse, "/api/exactly")).isEqualTo("/api/*");
    assertThat(chosen(reverse, "/img/a.jpg")).isEqualTo("/img/*");
  }

  @Test
  void withoutPatternsTheDefaultHolds() {
    assertThat(of().of("/any")).isSameAs(OTHERWISE);
    assertThat(of("/a").of("/b")).isSameAs(OTHERWISE);
  }

  @Test
  void aPatternOfEverythingHidesTheDefaultAndWhatFollows() {
    assertThat(chosen(of("*", "/a"), "/a")).isEqualTo("*");
    assertThat(chosen(of("/a", "*"), "/a")).isEqualTo("/a");
  }

  @Test
  void randomBehavioursAsTheLoopOverAllOfThem() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int chosen = 0;
    for (int round = 0; round < 400; round++) {
      String[] patterns = new String[random.nextInt(76)];
      for (int i = 0; i < patterns.length; i++) {
        patterns[i] = pattern(random);
      }
      Behaviours behaviours = of(patterns);
      for (int i = 0; i < 200; i++) {
        String path = '/' + text(random, "ab/.é\uffff", 9);
        Behaviour expected = naive(behaviours, path);
        assertThat(behaviours.of(path))
            .as("seed %d: %s in %s", seed, path, List.of(patterns))
            .isSameAs(expected);
        chosen += expected.equals(OTHERWISE) ? 0 : 1;
      }
    }
    assertThat(chosen).as("seed %d", seed).isBetween(4_000, 76_000);
  }

  private static Behaviour naive(Behaviours behaviours, String path) {
    for (Behaviour each : behaviours.ordered()) {
      if (each.pattern().matches(path)) {
        return each;
      }
    }
    return OTHERWISE;
  }

  private static String pattern(Random random) {
    String wild = random.nextInt(4) == 0 ? "" : "*?";
    return (random.nextInt(5) == 0 ? "*" : "/") + text(random, "ab/." + wild, 6);
  }

  private static String text(Random random, String alphabet, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
