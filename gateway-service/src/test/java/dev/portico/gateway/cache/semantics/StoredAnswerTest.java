package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AHEAD;
import static dev.portico.gateway.cache.semantics.Answers.NOTHING;
import static dev.portico.gateway.cache.semantics.Answers.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.response.ByteRange;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, section 4.3.2; RFC 9110, sections 13 and 14. */
class StoredAnswerTest {
  private static final String TAG = "\"a\"";
  private static final String FRESH = "max-age=60";
  private static final StoredResponse STORED =
      response(
          "Cache-Control",
          FRESH,
          "ETag",
          TAG,
          "Last-Modified",
          HOUR_AGO,
          "Content-Length",
          "100",
          "Date",
          Answers.DATE);
  private static final StoredAnswer FIRST_TEN =
      new StoredAnswer.Parts(List.of(new ByteRange(0, 9)));

  private static StoredAnswer get(StoredResponse stored, String... fields) {
    return StoredAnswer.of(false, FieldList.of(fields), stored);
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("4.3.2: If-Match and If-Unmodified-Since are not evaluated")
    void conditionsOfAnOrigin() {
      assertThat(get(STORED, "If-Match", "\"other\"")).isSameAs(StoredAnswer.WHOLE);
      assertThat(get(STORED, "If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(STORED, "If-Match", "\"other\"", "Range", "bytes=0-9"))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(STORED, "If-Unmodified-Since", HOUR_AHEAD, "Range", "bytes=0-9"))
          .isSameAs(StoredAnswer.WHOLE);
    }

    @Test
    @DisplayName("RFC 9110, 13.1.3: If-Modified-Since is ignored beside If-None-Match")
    void ifNoneMatchComesFirst() {
      assertThat(get(STORED, "If-None-Match", "\"b\"", "If-Modified-Since", HOUR_AHEAD))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(STORED, "If-None-Match", TAG, "If-Modified-Since", "0"))
          .isSameAs(StoredAnswer.NOT_MODIFIED);
    }

    @Test
    @DisplayName("RFC 9110, 13.1.3: an invalid date is ignored")
    void invalidDate() {
      assertThat(get(STORED, "If-Modified-Since", "yesterday")).isSameAs(StoredAnswer.WHOLE);
    }

    @Test
    @DisplayName("RFC 9110, 13.2.1: conditions count only where the answer would be a success")
    void onlySuccesses() {
      StoredResponse missing =
          Answers.stored(Answers.answered(404, "Cache-Control", FRESH, "ETag", TAG)).response();
      assertThat(get(missing, "If-None-Match", TAG)).isSameAs(StoredAnswer.WHOLE);
      assertThat(get(missing, "Range", "bytes=0-9")).isSameAs(StoredAnswer.WHOLE);
    }

    @ParameterizedTest
    @DisplayName("RFC 9110, 13.1.5: If-Range compares strongly")
    @CsvSource({
      "'\"a\"', true",
      "'W/\"a\"', false",
      "'\"b\"', false",
      "a, false",
      "'Mon, 23 Nov 2026 11:00:00 GMT', true",
      "'Mon, 23 Nov 2026 11:00:01 GMT', false",
      "'Mon, 23 Nov 2026 10:59:59 GMT', false"
    })
    void ifRange(String value, boolean holds) {
      assertThat(get(STORED, "Range", "bytes=0-9", "If-Range", value))
          .isEqualTo(holds ? FIRST_TEN : StoredAnswer.WHOLE);
    }

    @Test
    @DisplayName("RFC 9110, 13.1.5: a date beside a weak tag is no strong validator")
    void dateBesideAWeakTag() {
      StoredResponse weak =
          response(
              "Cache-Control",
              FRESH,
              "Content-Length",
              "100",
              "Date",
              Answers.DATE,
              "ETag",
              "W/\"a\"",
              "Last-Modified",
              Answers.HOUR_AGO);
      assertThat(get(weak, "Range", "bytes=0-9", "If-Range", Answers.HOUR_AGO))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(weak, "Range", "bytes=0-9")).isEqualTo(FIRST_TEN);
    }

    @Test
    @DisplayName("RFC 9110, 8.8.1: a date that other codings have too is no strong validator")
    void dateOfSeveralCodings() {
      StoredResponse coded =
          response(
              "Cache-Control",
              FRESH,
              "Content-Length",
              "100",
              "Date",
              Answers.DATE,
              "Last-Modified",
              Answers.HOUR_AGO,
              "Vary",
              "Origin, accept-encoding");
      assertThat(get(coded, "Range", "bytes=0-9", "If-Range", Answers.HOUR_AGO))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(coded, "If-Modified-Since", Answers.HOUR_AGO))
          .isSameAs(StoredAnswer.NOT_MODIFIED);
      assertThat(coded.isPartDated()).isFalse();
      assertThat(STORED.isPartDated()).isTrue();
    }

    @Test
    @DisplayName("RFC 9110, 8.8.2.2: a date close to the response's own is no strong validator")
    void weakDate() {
      StoredResponse young =
          response(
              "Cache-Control",
              FRESH,
              "Content-Length",
              "100",
              "Date",
              Answers.DATE,
              "Last-Modified",
              "Mon, 23 Nov 2026 11:59:01 GMT");
      assertThat(get(young, "Range", "bytes=0-9", "If-Range", "Mon, 23 Nov 2026 11:59:01 GMT"))
          .isSameAs(StoredAnswer.WHOLE);
    }

    @Test
    @DisplayName("RFC 9110, 15.4.5: a 304 says what a 200 would about caching")
    void notModifiedFields() {
      FieldList fields =
          FieldList.of(
              "Content-Type",
              "text/html",
              "Content-Length",
              "5",
              "Content-Encoding",
              "br",
              "ETag",
              TAG,
              "Last-Modified",
              HOUR_AGO,
              "Cache-Control",
              FRESH,
              "Vary",
              "Accept",
              "Expires",
              HOUR_AHEAD,
              "Content-Location",
              "/a",
              "Date",
              Answers.DATE,
              "X-Frame-Options",
              "DENY",
              "Surrogate-Key",
              "k",
              "Cache-Tag",
              "t",
              "Portico-Cache-Control",
              "public");
      assertThat(DeliveredFields.notModified(fields))
          .isEqualTo(
              FieldList.of(
                  "ETag",
                  TAG,
                  "Cache-Control",
                  FRESH,
                  "Vary",
                  "Accept",
                  "Expires",
                  HOUR_AHEAD,
                  "Content-Location",
                  "/a",
                  "Date",
                  Answers.DATE,
                  "X-Frame-Options",
                  "DENY"));
      assertThat(DeliveredFields.notModified(FieldList.of("Last-Modified", HOUR_AGO)))
          .isEqualTo(FieldList.of("Last-Modified", HOUR_AGO));
      assertThat(DeliveredFields.whole(fields).contains("Content-Type")).isTrue();
      assertThat(DeliveredFields.whole(fields).contains("Surrogate-Key")).isFalse();
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @ParameterizedTest
    @DisplayName("4.3.2: If-None-Match is judged, weakly")
    @CsvSource({
      "'\"a\"', true",
      "'W/\"a\"', true",
      "'\"b\", W/\"a\"', true",
      "'\"b\",,\t\"a\"', true",
      "'*', true",
      "' * ', true",
      "'\"b\"', false",
      "'a', false",
      "'\"a', false",
      "'b, \"a\"', false",
      "'\"*\"', false",
      "'', false",
      "'w/\"a\"', false"
    })
    void ifNoneMatch(String field, boolean holds) {
      assertThat(get(STORED, "If-None-Match", field))
          .isEqualTo(holds ? StoredAnswer.NOT_MODIFIED : StoredAnswer.WHOLE);
    }

    @Test
    @DisplayName("4.3.2: If-Modified-Since is judged by Last-Modified, else by Date")
    void ifModifiedSince() {
      assertThat(get(STORED, "If-Modified-Since", HOUR_AGO)).isSameAs(StoredAnswer.NOT_MODIFIED);
      assertThat(get(STORED, "If-Modified-Since", HOUR_AHEAD)).isSameAs(StoredAnswer.NOT_MODIFIED);
      assertThat(get(STORED, "If-Modified-Since", "Mon, 23 Nov 2026 10:59:59 GMT"))
          .isSameAs(StoredAnswer.WHOLE);
      StoredResponse undated = response("Cache-Control", FRESH, "Date", HOUR_AGO);
      assertThat(get(undated, "If-Modified-Since", HOUR_AGO)).isSameAs(StoredAnswer.NOT_MODIFIED);
      assertThat(get(undated, "If-Modified-Since", "Mon, 23 Nov 2026 10:59:59 GMT"))
          .isSameAs(StoredAnswer.WHOLE);
      StoredResponse received = response("Cache-Control", FRESH);
      assertThat(get(received, "If-Modified-Since", Answers.DATE))
          .isSameAs(StoredAnswer.NOT_MODIFIED);
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @Test
    @DisplayName("RFC 9110, 14.2: ranges of a complete response")
    void ranges() {
      assertThat(get(STORED, "Range", "bytes=0-9")).isEqualTo(FIRST_TEN);
      assertThat(get(STORED, "Range", "bytes=100-")).isEqualTo(new StoredAnswer.NotSatisfiable());
      assertThat(get(STORED, "Range", "lines=0-9")).isSameAs(StoredAnswer.WHOLE);
      assertThat(StoredAnswer.of(true, FieldList.of("Range", "bytes=0-9"), STORED))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(response("Cache-Control", FRESH), "Range", "bytes=0-9"))
          .isSameAs(StoredAnswer.WHOLE);
      assertThat(get(response("Cache-Control", FRESH).withSize(100), "Range", "bytes=0-9"))
          .isEqualTo(FIRST_TEN);
    }

    @Test
    @DisplayName("RFC 9110, 13.2.2: a condition that fails comes before a range")
    void conditionBeforeRange() {
      assertThat(get(STORED, "Range", "bytes=0-9", "If-None-Match", TAG))
          .isSameAs(StoredAnswer.NOT_MODIFIED);
    }

    @Test
    @DisplayName("RFC 9110, 9.3.2: HEAD is answered from a GET")
    void head() {
      assertThat(StoredAnswer.of(true, NOTHING, STORED)).isSameAs(StoredAnswer.WHOLE);
      assertThat(StoredAnswer.of(true, FieldList.of("If-None-Match", TAG), STORED))
          .isSameAs(StoredAnswer.NOT_MODIFIED);
    }
  }
}
