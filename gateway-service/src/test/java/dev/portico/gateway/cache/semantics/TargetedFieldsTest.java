package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9213, and the structured fields that it is made of (RFC 9651). */
class TargetedFieldsTest {
  private static ResponseDirectives of(String... fields) {
    return ResponseDirectives.of(FieldList.of(fields));
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("2.2: the first valid field of the list is used, and no other")
    void theFirstValidFieldIsUsed() {
      String[] all = {
        "Cache-Control", "no-store",
        "CDN-Cache-Control", "max-age=20, private",
        "Portico-Cache-Control", "max-age=10"
      };
      ResponseDirectives directives = of(all);
      assertThat(directives.maxAge()).isEqualTo(10);
      assertThat(directives.noStore()).isFalse();
      assertThat(directives.isPrivate()).isFalse();
      assertThat(of("CDN-Cache-Control", "max-age=20", "Cache-Control", "no-store").maxAge())
          .isEqualTo(20);
    }

    @Test
    @DisplayName("2.1: Expires does not count beside a targeted field")
    void expiresDoesNotCount() {
      OriginAnswer answer =
          Answers.ok("CDN-Cache-Control", "public", "Expires", Answers.HOUR_AHEAD, "ETag", "\"a\"");
      assertThat(Answers.stored(answer).response().freshUntil()).isEqualTo(Answers.NOW);
    }

    @ParameterizedTest
    @DisplayName("2.1: a field that is malformed or empty is as if it were not there")
    @ValueSource(
        strings = {
          "",
          " ",
          "max-age=60,",
          "max-age=60 private",
          "Max-Age=60",
          "max-age = 60",
          "max-age=",
          "max-age=\"60",
          "max-age=60,,public",
          "max-age=60;",
          "max-age=60;=1",
          "no-cache=(a b",
          "a=(b)c",
          "max-age=1234567890123456",
          "x=1.2345",
          "x=1.",
          "x=?2",
          "x=:a b:",
          "x=@1.5",
          "x=%\"\u00e9\"",
          "x=%\"%ZZ\"",
          "x=\"\\n\"",
          "1a=2"
        })
    void whatIsMalformedIsIgnored(String field) {
      ResponseDirectives directives =
          of("Portico-Cache-Control", field, "Cache-Control", "max-age=5");
      assertThat(directives.targeted()).isFalse();
      assertThat(directives.maxAge()).isEqualTo(5);
    }

    @Test
    @DisplayName("2.1: parameters are ignored, unknown directives too")
    void parametersAreIgnored() {
      ResponseDirectives directives =
          of(
              "CDN-Cache-Control",
              "max-age=60;a=1;b, foo=(1 \"x\";y);z, private;q=?0, *x.y-_=:YQ==:");
      assertThat(directives.maxAge()).isEqualTo(60);
      assertThat(directives.isPrivate()).isTrue();
    }
  }

  @Test
  void lettersMayHaveSeveralLines() {
    assertThat(of("CDN-Cache-Control", "max-age=60", "CDN-Cache-Control", "no-store"))
        .isEqualTo(of("CDN-Cache-Control", "max-age=60, no-store"));
  }

  @Test
  void falseIsAsIfItWereNotThere() {
    assertThat(of("CDN-Cache-Control", "no-store=?0, max-age=1").noStore()).isFalse();
    assertThat(of("CDN-Cache-Control", "no-store=?1, max-age=1").noStore()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=-1", "max-age=1.5", "max-age=abc", "max-age=(1)", "max-age"})
  void aFreshnessOfAnotherTypeIsInvalid(String field) {
    assertThat(of("CDN-Cache-Control", field).maxAge()).isEqualTo(DeltaSeconds.INVALID);
  }

  @Test
  void fieldNamesComeAsAString() {
    assertThat(of("CDN-Cache-Control", "private=\"A, b\"").privateFields())
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void theLastOfTwoMembersCounts() {
    assertThat(StructuredDictionary.parse("a=1, b, a=-2.5"))
        .isEqualTo(Map.of("b", true, "a", -2.5));
    assertThat(StructuredDictionary.parse("t=tok/en:*, s=\"a \\\" \\\\\"  ,\td=@123"))
        .isEqualTo(Map.of("t", "tok/en:*", "s", "a \" \\", "d", StructuredDictionary.OTHER));
    assertThat(StructuredDictionary.parse("d=%\"f%c3%bc\", n=999999999999999"))
        .isEqualTo(Map.of("d", StructuredDictionary.OTHER, "n", 999999999999999L));
  }
}
