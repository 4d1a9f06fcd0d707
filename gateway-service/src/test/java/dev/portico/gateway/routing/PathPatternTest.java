package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  private static final String ALPHABET = "/ab.";

  /** CloudFront, "Path pattern"; its own examples among them. */
  @ParameterizedTest
  @CsvSource({
    "/images/*.jpg,/images/a.jpg,true",
    "images/*.jpg,/images/a.jpg,true",
    "/images/*.jpg,/images/b/c.jpg,true",
    "/images/*.jpg,/images/.jpg,true",
    "/images/*.jpg,/images/a.jpeg,false",
    "/images/*.jpg,/Images/a.jpg,false",
    "/images/*.jpg,/a/images/a.jpg,false",
    "/a??.jpg,/ant.jpg,true",
    "/a??.jpg,/abcd.jpg,false",
    "/a??.jpg,/a/b.jpg,true",
    "*,/,true",
    "/*,/,true",
    "/,/,true",
    "/,/a,false",
    "/api/*,/api/,true",
    "/api/*,/api,false",
    "/api*,/api,true",
    "*.gif,/a/b.gif,true",
    "*.gif,/a/b.gif/,false",
    "*a*b*,/xxaxxbxx,true",
    "*a*b*,/xxbxxaxx,false",
    "/a**b,/ab,true",
    "/?,/,false",
    "/?,/ä,true",
    "*/,/a/,true",
    "/a.b,/axb,false",
    "/$~'@:+&,/$~'@:+&,true",
  })
  void asCloudFront(String pattern, String path, boolean matches) {
    assertThat(PathPattern.of(pattern).matches(path)).isEqualTo(matches);
  }

  @Test
  void itsTextIsAsGivenAndALeadingSlashMakesNoDifference() {
    assertThat(PathPattern.of("a/*")).hasToString("a/*").isEqualTo(PathPattern.of("/a/*"));
    assertThat(PathPattern.of("*a")).isNotEqualTo(PathPattern.of("/*a"));
  }

  @ParameterizedTest
  @CsvSource({"/api/*,/api/", "*.jpg,''", "a?b*c/d,/a", "/a/b,/a/b", "*,''"})
  void literalStarts(String pattern, String start) {
    assertThat(PathPattern.of(pattern).literalStart()).isEqualTo(start);
  }

  @Test
  void randomPatternsAsARegularExpressionHasIt() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int matched = 0;
    for (int i = 0; i < 50_000; i++) {
      String pattern = '/' + text(random, ALPHABET + "**??", 8);
      String path = '/' + text(random, ALPHABET, 10);
      boolean expected =
          Pattern.matches(pattern.replace(".", "\\.").replace("*", ".*").replace("?", "."), path);
      assertThat(PathPattern.of(pattern).matches(path))
          .as("seed %d: %s on %s", seed, pattern, path)
          .isEqualTo(expected);
      matched += expected ? 1 : 0;
    }
    assertThat(matched).as("seed %d", seed).isBetween(1_000, 49_000);
  }

  private static String text(Random random, String alphabet, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** Pieces around 64 and 128 characters, where the search goes over to another word. */
  @Test
  void randomPatternsWithLongPiecesAsARegularExpressionHasIt() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      String piece = text(random, "aaaaaaab?", 140);
      String path = '/' + text(random, "aaaaaaaaaaaab", 20) + piece.replace('?', 'é');
      if (random.nextBoolean()) {
        path = path.replaceFirst("b", "a");
      }
      String pattern = "/*" + piece + '*' + text(random, "ab", 3);
      boolean expected = Pattern.matches(pattern.replace("*", ".*").replace("?", "."), path);
      assertThat(PathPattern.of(pattern).matches(path))
          .as("seed %d: %s on %s", seed, pattern, path)
          .isEqualTo(expected);
      matched += expected ? 1 : 0;
    }
    assertThat(matched).as("seed %d", seed).isBetween(1_000, 19_000);
  }

  /**
   * What takes a matcher that backtracks from star to star longer than the universe has, and one
   * that tries each place in turn ten milliseconds each: the bound is for all of these together,
   * and far above what they take.
   */
  @Test
  void aHostilePatternCostsLittle() {
    PathPattern[] hostile = {
      PathPattern.of("*a".repeat(127) + 'b'),
      PathPattern.of('*' + "a".repeat(253) + 'b'),
      PathPattern.of('*' + "a".repeat(252) + "b*"),
      PathPattern.of("*?" + "a".repeat(251) + "b*"),
      PathPattern.of('*' + ("a".repeat(61) + "b*").repeat(4)),
    };
    String path = '/' + "a".repeat(8190);
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 500; i++) {
            for (PathPattern each : hostile) {
              assertThat(each.matches(path)).isFalse();
            }
          }
        });
    assertThat(hostile[2].matches(path + 'b')).isTrue();
    assertThat(hostile[3].matches(path + 'b')).isTrue();
    assertThat(hostile[4].matches((path + 'b').repeat(4))).isTrue();
  }
}
