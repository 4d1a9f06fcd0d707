package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 1.2.2 and 5.2. */
class DirectivesTest {
  private static ResponseDirectives response(String... lines) {
    String[] fields = new String[lines.length * 2];
    for (int i = 0; i < lines.length; i++) {
      fields[2 * i] = "Cache-Control";
      fields[2 * i + 1] = lines[i];
    }
    return ResponseDirectives.of(FieldList.of(fields));
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("5.2: names compare without regard to case")
    void namesCompareWithoutRegardToCase() {
      ResponseDirectives directives = response("PUBLIC, Max-Age=5, No-Cache=\"SET-Cookie\"");
      assertThat(directives.isPublic()).isTrue();
      assertThat(directives.maxAge()).isEqualTo(5);
      assertThat(directives.noCacheFields()).containsExactly("set-cookie");
    }

    @Test
    @DisplayName("5.2.3: unrecognised directives are ignored")
    void unrecognisedDirectivesAreIgnored() {
      assertThat(response("community=\"UCI, no-store, private\", foo, max-age=5, bar=baz"))
          .isEqualTo(response("max-age=5"));
    }

    @ParameterizedTest
    @DisplayName("1.2.2: a number too large counts as 2^31 or the largest that fits")
    @CsvSource({
      "0, 0",
      "00000000000000000000000000060, 60",
      "2147483647, 2147483647",
      "2147483648, 2147483648",
      "2147483649, 2147483648",
      "9223372036854775808, 2147483648",
      "99999999999999999999999999999999999999, 2147483648"
    })
    void largeNumbers(String text, long seconds) {
      assertThat(response("max-age=" + text).maxAge()).isEqualTo(seconds);
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @Test
    @DisplayName("5.2: both the token and the quoted form are accepted")
    void bothFormsAreAccepted() {
      assertThat(response("max-age=\"60\", s-maxage=\"\\7\\0\"").maxAge()).isEqualTo(60);
      assertThat(response("max-age=\"60\", s-maxage=\"\\7\\0\"").sharedMaxAge()).isEqualTo(70);
      assertThat(response("private=Set-Cookie").privateFields()).containsExactly("set-cookie");
      assertThat(response("private=\" a,,B ,\"").privateFields())
          .containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @DisplayName("4.2.1: a freshness that is no number is invalid")
    @ValueSource(
        strings = {
          "max-age",
          "max-age=",
          "max-age=-1",
          "max-age=+1",
          "max-age=1.5",
          "max-age=1s",
          "max-age= 1",
          "max-age=\"1",
          "max-age='1'",
          "max-age=\u0661",
          "max-age=0x10",
          "max-age=\"\""
        })
    void invalidNumbers(String field) {
      assertThat(response(field).maxAge()).isEqualTo(DeltaSeconds.INVALID);
    }

    @Test
    @DisplayName("4.2.1: of a directive that is there twice the first counts")
    void theFirstCounts() {
      assertThat(response("max-age=5, max-age=10").maxAge()).isEqualTo(5);
      assertThat(response("max-age=5", "max-age=10").maxAge()).isEqualTo(5);
      assertThat(response("max-age=x, max-age=10").maxAge()).isEqualTo(DeltaSeconds.INVALID);
    }
  }

  @Test
  void linesAreOneList() {
    assertThat(response("no-store", "private,,", " , max-age=1"))
        .isEqualTo(response("no-store,private,max-age=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private=\"a, no-store, max-age=5",
        "ext=\"a, private, no-store, max-age=5",
        "private=\"\", no-store=x, max-age=5",
        "private=\"a b\", no-store, max-age=5",
        "private=\"a\\\", no-store, max-age=5",
        "private, no-store=\"\", max-age=5"
      })
  void whatIsBrokenRestrictsAllTheSame(String field) {
    ResponseDirectives directives = response(field);
    assertThat(directives.isPrivate()).isTrue();
    assertThat(directives.noStore()).isTrue();
    assertThat(directives.maxAge()).isEqualTo(5);
  }

  @Test
  void aPermissionWithAnArgumentPermitsNothing() {
    assertThat(response("public=yes, immutable=1").isPublic()).isFalse();
    assertThat(response("public=yes, immutable=1").immutable()).isFalse();
  }

  @Test
  void aCommaInsideOfQuotesSeparatesNothing() {
    ResponseDirectives directives =
        response("no-cache=\"a, b\", ext=\"x, \\\", no-store\", public");
    assertThat(directives.noCacheFields()).containsExactlyInAnyOrder("a", "b");
    assertThat(directives.noStore()).isFalse();
    assertThat(directives.isPublic()).isTrue();
  }

  @Test
  void noFieldTakesLongToRead() {
    long start = System.nanoTime();
    for (String hostile : List.of("\"\\", "x,", "\"", "\",", "a=\"b")) {
      String field = hostile.repeat(100_000);
      assertThat(Directives.parse(List.of(field, "no-store")).has("no-store")).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
