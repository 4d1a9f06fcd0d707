package dev.portico.gateway.routing.rules;

import static dev.portico.gateway.routing.rules.RulesFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.routing.Conventions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;

/** The compiled matcher finds what reading all lines from the top finds. */
class RedirectRulesEquivalenceTest {
  private static final String[] NAMES = {"a", "b", "c", "d"};

  private static String path(Random random, boolean pattern) {
    StringBuilder path = new StringBuilder();
    int segments = random.nextInt(4);
    for (int i = 0; i < segments; i++) {
      boolean any = pattern && random.nextInt(3) == 0;
      path.append('/').append(any ? ":p" + i : NAMES[random.nextInt(NAMES.length)]);
    }
    if (pattern && random.nextInt(4) == 0) {
      return path.append("/*").toString();
    }
    return path.isEmpty() || random.nextInt(4) == 0 ? path.append('/').toString() : path.toString();
  }

  private static String line(Random random, int number) {
    StringBuilder line = new StringBuilder();
    switch (random.nextInt(8)) {
      case 0 -> line.append("https://docs.example.com");
      case 1 -> line.append("http://docs.example.com");
      default -> {}
    }
    line.append(path(random, true));
    if (random.nextInt(3) == 0) {
      line.append(" q=").append(random.nextInt(3));
    }
    if (random.nextInt(6) == 0) {
      line.append(" r=:r");
    }
    line.append(" /to/").append(number).append(" 301");
    line.append(random.nextBoolean() ? "!" : "");
    if (random.nextInt(4) == 0) {
      line.append(" Language=de");
    }
    if (random.nextInt(4) == 0) {
      line.append(" Cookie=c");
    }
    if (random.nextInt(4) == 0) {
      line.append(" Role=staff");
    }
    return line.toString();
  }

  private static RedirectRequest someRequest(Random random) {
    String query =
        switch (random.nextInt(4)) {
          case 0 -> "?q=" + random.nextInt(3);
          case 1 -> "?r=x&q=" + random.nextInt(3);
          default -> "";
        };
    List<String> headers = new ArrayList<>();
    if (random.nextBoolean()) {
      headers.addAll(List.of("Accept-Language", random.nextBoolean() ? "de" : "en"));
    }
    if (random.nextBoolean()) {
      headers.addAll(List.of("Cookie", "c=1"));
    }
    RedirectRequest request = request(path(random, false) + query, headers.toArray(String[]::new));
    return switch (random.nextInt(3)) {
      case 0 -> request;
      case 1 -> request.with(Set.of());
      default -> request.with(Set.of("staff"));
    };
  }

  @RepeatedTest(20)
  void findsTheSame() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<RedirectRule> ordered = new ArrayList<>();
    int count = 1 + random.nextInt(60);
    for (int i = 1; i <= count; i++) {
      ordered.add(RulesFixture.rule(i, line(random, i)));
    }
    RedirectRules compiled = RedirectRules.of(ordered);
    // Each rule compiled alone: nothing to choose from, so no order and no index counts.
    List<RedirectRules> single =
        ordered.stream().map(rule -> RedirectRules.of(List.of(rule))).toList();
    for (int i = 0; i < 300; i++) {
      RedirectRequest request = someRequest(random);
      boolean file = random.nextInt(4) == 0;
      RuleAnswer found = compiled.find(request, file, Conventions.PORTICO);
      RuleAnswer expected = RuleAnswer.NONE;
      boolean language = false;
      boolean cookie = false;
      boolean role = false;
      for (RedirectRules each : single) {
        expected = each.find(request, file, Conventions.PORTICO);
        language |= expected.byLanguage();
        cookie |= expected.byCookie();
        role |= expected.byRole();
        if (expected.outcome() != null) {
          break;
        }
      }
      assertThat(found)
          .as("seed %s: %s among %s", seed, request.path(), ordered)
          .isEqualTo(new RuleAnswer(expected.outcome(), expected.line(), language, cookie, role));
    }
  }

  /** Against a reading of the patterns that shares no code with the compiled one. */
  @RepeatedTest(20)
  void patternsMeanWhatARegularExpressionSays() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String pattern = path(random, true);
      String asked = path(random, false);
      String expression =
          pattern
              .replaceAll("/\\*$", "(/.*)?")
              .replaceAll("/$", "")
              .replaceAll(":p[0-9]", "[^/]+")
              .concat(pattern.endsWith("*") ? "" : "/?");
      boolean found =
          RulesFixture.rules(pattern + " /to 301")
                  .find(request(asked), false, Conventions.PORTICO)
                  .line()
              == 1;
      assertThat(found)
          .as("seed %s: %s of %s", seed, pattern, asked)
          .isEqualTo(asked.matches(expression));
    }
  }
}
