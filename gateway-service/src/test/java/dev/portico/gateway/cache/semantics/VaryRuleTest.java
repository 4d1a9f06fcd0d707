package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, section 4.1. */
class VaryRuleTest {
  private static VaryRule rule(String... lines) {
    String[] fields = new String[lines.length * 2];
    for (int i = 0; i < lines.length; i++) {
      fields[2 * i] = "Vary";
      fields[2 * i + 1] = lines[i];
    }
    return VaryRule.of(FieldList.of(fields), CachingRules.RFC_9111);
  }

  private static boolean matches(String vary, FieldList original, FieldList presented) {
    VaryRule rule = rule(vary);
    return rule.matches(presented, rule.variant(original));
  }

  private static boolean matches(String name, String original, String presented) {
    return matches(name, FieldList.of(name, original), FieldList.of(name, presented));
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("4.1: not used unless all fields that Vary names match")
    void allFieldsMatch() {
      FieldList original = FieldList.of("A", "1", "B", "2");
      assertThat(matches("a, B", original, FieldList.of("b", "2", "a", "1", "C", "9"))).isTrue();
      assertThat(matches("a, B", original, FieldList.of("A", "1", "B", "3"))).isFalse();
      assertThat(matches("A, b", original, FieldList.of("A", "12", "B", ""))).isFalse();
      assertThat(matches("A", "x", "X")).isFalse();
    }

    @Test
    @DisplayName("4.1: an absent field matches only an absent one")
    void absentMatchesAbsent() {
      for (String vary : List.of("A", "A, B")) {
        FieldList without = FieldList.of("B", "2");
        assertThat(matches(vary, without, without)).isTrue();
        assertThat(matches(vary, without, FieldList.of("B", "2", "A", ""))).isFalse();
        assertThat(matches(vary, FieldList.of("B", "2", "A", ""), without)).isFalse();
      }
      assertThat(matches("A, B", FieldList.of("A", "x"), FieldList.of("B", "x"))).isFalse();
    }

    @Test
    @DisplayName("4.1: what the origin is told about a viewer matches none, in whatever key")
    void factsNeverMatch() {
      for (String vary : List.of("CloudFront-Is-Mobile-Viewer", "a, cloudfront-viewer-address")) {
        assertThat(rule(vary)).isEqualTo(VaryRule.ANYTHING);
      }
    }

    @Test
    @DisplayName("4.1: a member * never matches, alone or among others")
    void starNeverMatches() {
      for (String vary : List.of("*", "a, *", "*,a")) {
        assertThat(matches(vary, FieldList.EMPTY, FieldList.EMPTY)).as(vary).isFalse();
      }
      assertThat(rule("A", "*")).isEqualTo(VaryRule.ANYTHING);
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("4.1: the most recent with a Vary field is preferred to one without")
    void theMostRecentWithVary() {
      StoredResponse plain = stored("Mon, 23 Nov 2026 11:59:59 GMT");
      StoredResponse early = stored("Mon, 23 Nov 2026 11:00:00 GMT", "Vary", "A");
      StoredResponse late = stored("Mon, 23 Nov 2026 11:30:00 GMT", "Vary", "B");
      StoredResponse other = stored("Mon, 23 Nov 2026 11:50:00 GMT", "Vary", "C");
      FieldList request = FieldList.of("C", "not it");
      assertThat(StoredResponse.choose(List.of(plain, early, late, other), request)).isSameAs(late);
      assertThat(StoredResponse.choose(List.of(other, late, early, plain), request)).isSameAs(late);
      assertThat(StoredResponse.choose(List.of(other, plain), request)).isSameAs(plain);
      assertThat(StoredResponse.choose(List.of(other), request)).isNull();
    }

    private static StoredResponse stored(String date, String... more) {
      String[] fields = new String[4 + more.length];
      fields[0] = "Date";
      fields[1] = date;
      fields[2] = "Cache-Control";
      fields[3] = "max-age=60";
      System.arraycopy(more, 0, fields, 4, more.length);
      return Answers.response(fields);
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @ParameterizedTest
    @DisplayName("4.1: values that are known to mean the same match")
    @CsvSource({
      "Accept-Encoding, 'gzip, br', 'br,gzip'",
      "Accept-Encoding, 'gzip;q=1.0, br', 'BR , x-gzip ; q=1'",
      "Accept-Language, 'en, DE;q=0.5', 'en ,de ; q=0.5'",
      "Accept, 'text/html , text/plain;q=0.5', 'text/html,text/plain; q=0.5'",
      "User-Agent, ' a b ', 'a b'"
    })
    void sameMeaning(String name, String one, String other) {
      assertThat(matches(name, one, other)).isTrue();
    }

    @Test
    @DisplayName("4.1: several lines are one list")
    void lines() {
      assertThat(
              matches(
                  "Accept",
                  FieldList.of("Accept", "a/b", "accept", "c/d"),
                  FieldList.of("Accept", "a/b, c/d")))
          .isTrue();
      assertThat(
              matches(
                  "Cookie",
                  FieldList.of("Cookie", "a=1", "Cookie", "b=2"),
                  FieldList.of("Cookie", "a=1; b=2")))
          .isTrue();
    }

    @ParameterizedTest
    @DisplayName("4.1: what might mean something else does not match")
    @CsvSource({
      "Accept-Encoding, 'gzip;q=0.5, br', 'gzip, br'",
      "Accept-Encoding, 'gzip;q=0', 'gzip'",
      "Accept-Encoding, 'x-gzipped', 'gzipped'",
      "Accept-Encoding, '', 'identity'",
      "Accept-Language, 'en, de', 'de, en'",
      "Accept, 'a/b, c/d', 'c/d, a/b'",
      "Accept, 'a/b;x=\"1 , 2\"', 'a/b;x=\"1,2\"'",
      "Accept, 'a/b;x=\"\\\" , 2\"', 'a/b;x=\"\\\",2\"'",
      "User-Agent, 'a, b', 'a,b'",
      "Origin, HTTP://A, http://a"
    })
    void otherMeaning(String name, String one, String other) {
      assertThat(matches(name, one, other)).isFalse();
    }
  }

  @Test
  void fieldsInTheKeyNeedNoSecondLook() {
    CachePolicy policy =
        new CachePolicy(
            "p",
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(1),
            false,
            new KeySelection(KeySelection.Mode.ONLY, Set.of("accept-language")),
            KeySelection.NONE,
            KeySelection.NONE,
            false,
            true,
            false,
            Map.of(),
            false);
    VaryRule rule =
        VaryRule.of(
            FieldList.of("Vary", "Accept-Encoding, Origin, Accept-Language, Cookie"),
            CachingRules.of(policy));
    assertThat(rule.names()).containsExactly("origin");
    assertThat(rule("Cookie").names()).containsExactly("cookie");
  }

  @Test
  void nothingNamedFitsAll() {
    assertThat(rule()).isSameAs(VaryRule.NONE);
    assertThat(rule("", " ")).isSameAs(VaryRule.NONE);
    assertThat(VaryRule.NONE.matches(FieldList.of("A", "b"), "")).isTrue();
  }

  @Test
  void whatIsNoFieldNameMightBeAnything() {
    assertThat(rule("a b")).isEqualTo(VaryRule.ANYTHING);
    assertThat(rule("a,".repeat(5) + "(")).isEqualTo(VaryRule.ANYTHING);
    StringBuilder many = new StringBuilder("x");
    for (int i = 0; i < 16; i++) {
      many.append(",x").append(i);
    }
    assertThat(rule(many.toString())).isEqualTo(VaryRule.ANYTHING);
  }

  @Test
  void rulesAreShared() {
    assertThat(rule("B, a")).isSameAs(rule("A", "b"));
  }

  @Test
  void noValueCanPassForTwo() {
    assertThat(
            matches(
                "A, B", FieldList.of("A", "1:x1:y", "B", ""), FieldList.of("A", "", "B", "1:x1:y")))
        .isFalse();
    assertThat(
            matches("A, B", FieldList.of("A", "x-", "B", "y"), FieldList.of("A", "x", "B", "-y")))
        .isFalse();
  }

  @Test
  void aLongRunOfSpacesCostsLittle() {
    String spaces = "a" + " ".repeat(200_000) + "b";
    long start = System.nanoTime();
    assertThat(RequestField.normal(FieldList.of("Accept", spaces), "accept")).hasSize(200_002);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }
}
