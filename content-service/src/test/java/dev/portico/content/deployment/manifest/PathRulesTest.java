package dev.portico.content.deployment.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/index.html",
        "/a/b/c.css",
        "/.well-known/security.txt",
        "/...",
        "/..a",
        "/a..",
        "/ä/日本/😀.html",
        "/a b",
        "/%2e%2e/x",
        "/_headers"
      })
  void acceptsWhatAUrlCanAskFor(String path) {
    assertThat(PathRules.fault(path, 1024)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '',              must start with /
          index.html,      must start with /
          /,               must name a file
          /a/,             must name a file
          //a,             empty segment
          /a//b,           empty segment
          /./a,            . or ..
          /a/.,            . or ..
          /../a,           . or ..
          /a/..,           . or ..
          /a\\b,           backslash
          """)
  void refusesAndSaysWhy(String path, String reason) {
    assertThat(PathRules.fault(path, 1024))
        .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 0x0a, 0x0d, 0x1f, 0x7f, 0x85, 0x9f, 0x2028})
  void refusesControlCharacters(int c) {
    assertThat(PathRules.fault("/a" + (char) c + "b", 1024))
        .hasValueSatisfying(fault -> assertThat(fault).contains("control character"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0xd800, 0xdbff, 0xdc00, 0xdfff})
  void refusesLoneSurrogates(int c) {
    assertThat(PathRules.fault("/" + (char) c, 1024))
        .hasValueSatisfying(f -> assertThat(f).contains("Unicode"));
    assertThat(PathRules.fault("/" + (char) c + "x", 1024))
        .hasValueSatisfying(f -> assertThat(f).contains("Unicode"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ä", "日", "😀"})
  void countsBytesOfUtf8(String character) {
    String path = "/" + character.repeat(10);
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    assertThat(PathRules.fault(path, bytes)).isEmpty();
    assertThat(PathRules.fault(path, bytes - 1)).isPresent();
  }

  @Test
  void comparesAsUtf8BytesDo() {
    long seed = System.nanoTime();
    RandomGenerator random = new java.util.Random(seed);
    String[] pieces = {
      "a",
      "/",
      "-",
      "z",
      "é",
      "\u07ff",
      "\u0800",
      "\ud7ff",
      "\ue000",
      "\uffee",
      "😀",
      "\udbff\udffd"
    };
    for (int i = 0; i < 20_000; i++) {
      String left = text(random, pieces);
      String right = text(random, pieces);
      int expected =
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
      assertThat(Integer.signum(PathRules.compare(left, right)))
          .as("seed %s: %s and %s", seed, left, right)
          .isEqualTo(Integer.signum(expected));
    }
  }

  private static String text(RandomGenerator random, String[] pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }
}
