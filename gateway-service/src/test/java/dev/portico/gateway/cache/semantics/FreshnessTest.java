package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AHEAD;
import static dev.portico.gateway.cache.semantics.Answers.NOTHING;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static dev.portico.gateway.cache.semantics.Answers.SECOND;
import static dev.portico.gateway.cache.semantics.Answers.answered;
import static dev.portico.gateway.cache.semantics.Answers.ok;
import static dev.portico.gateway.cache.semantics.Answers.policy;
import static dev.portico.gateway.cache.semantics.Answers.response;
import static dev.portico.gateway.cache.semantics.Answers.to;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 4.2 to 4.2.3, 5.1 and 5.3, and the times of a cache policy. */
class FreshnessTest {
  private static final String TAG = "\"a\"";

  private static Freshness freshness(OriginAnswer answer, CachingRules rules) {
    return Freshness.of(answer, ResponseDirectives.of(answer.response()), rules);
  }

  /** For how many milliseconds from now. */
  private static long freshFor(OriginAnswer answer, CachingRules rules) {
    return freshness(answer, rules).freshUntil() - NOW;
  }

  private static long freshFor(String... fields) {
    return freshFor(ok(fields), CachingRules.RFC_9111);
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @Test
    @DisplayName("4.2: fresh is what is younger than its lifetime, and no moment longer")
    void freshUntil() {
      StoredResponse response = response("Cache-Control", "max-age=60");
      assertThat(response.isFresh(NOW + 60 * SECOND - 1)).isTrue();
      assertThat(response.isFresh(NOW + 60 * SECOND)).isFalse();
    }

    @Test
    @DisplayName("5.2.2.10: s-maxage before max-age before Expires (5.3)")
    void precedence() {
      assertThat(freshFor("Cache-Control", "max-age=1, s-maxage=2", "Expires", HOUR_AHEAD))
          .isEqualTo(2 * SECOND);
      assertThat(freshFor("Cache-Control", "max-age=1", "Expires", HOUR_AHEAD)).isEqualTo(SECOND);
      assertThat(freshFor("Cache-Control", "public", "Expires", HOUR_AHEAD)).isEqualTo(HOUR);
      assertThat(freshFor("Cache-Control", "max-age=0", "Expires", HOUR_AHEAD)).isZero();
    }

    @Test
    @DisplayName("4.2.1: Expires counts from Date, whatever our clock says")
    void expiresCountsFromDate() {
      assertThat(freshFor("Date", HOUR_AGO, "Expires", Answers.DATE)).isEqualTo(HOUR);
      assertThat(freshFor("Date", HOUR_AHEAD, "Expires", HOUR_AHEAD)).isZero();
      assertThat(freshFor("Date", "nonsense", "Expires", HOUR_AHEAD)).isEqualTo(HOUR);
      assertThat(freshFor("Date", HOUR_AHEAD, "Expires", HOUR_AGO)).isZero();
    }

    @ParameterizedTest
    @DisplayName("5.3: an invalid Expires is in the past")
    @ValueSource(
        strings = {
          "0",
          "-1",
          "",
          "never",
          "Mon, 23 Nov 2026 13:00:00 UTC",
          "Mon, 23 Nov 2026 13:00:00 +0000",
          "2026-11-23T13:00:00Z",
          "Tue, 23 Nov 2026 13:00:00 GMT",
          "Mon, 31 Nov 2026 13:00:00 GMT"
        })
    void invalidExpires(String expires) {
      assertThat(freshFor("Expires", expires, "Last-Modified", HOUR_AGO)).isZero();
    }

    @Test
    @DisplayName("4.2.2: no guess where there is an explicit time")
    void noGuess() {
      assertThat(freshFor("Expires", HOUR_AGO, "Last-Modified", HOUR_AGO)).isZero();
      assertThat(freshFor("Cache-Control", "max-age=x", "Last-Modified", HOUR_AGO)).isZero();
    }

    @Test
    @DisplayName("4.2.2: a guess only where the status or public allows it")
    void guessesAreForSomeStatuses() {
      for (int status : new int[] {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501}) {
        assertThat(freshFor(answered(status, "Last-Modified", HOUR_AGO), CachingRules.RFC_9111))
            .as("%d", status)
            .isEqualTo(HOUR / 10);
      }
      for (int status : new int[] {201, 302, 303, 307, 400, 403, 500, 503}) {
        assertThat(freshFor(answered(status, "Last-Modified", HOUR_AGO), CachingRules.RFC_9111))
            .as("%d", status)
            .isZero();
        OriginAnswer open = answered(status, "Last-Modified", HOUR_AGO, "Cache-Control", "public");
        assertThat(freshFor(open, CachingRules.RFC_9111)).as("%d", status).isEqualTo(HOUR / 10);
      }
    }

    @Test
    @DisplayName("4.2: local time zones have no influence")
    void timeZones() {
      TimeZone zone = TimeZone.getDefault();
      try {
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
        assertThat(freshFor("Date", HOUR_AGO, "Expires", HOUR_AHEAD)).isEqualTo(2 * HOUR);
      } finally {
        TimeZone.setDefault(zone);
      }
    }

    @Test
    @DisplayName("4.2.3: Age counts from when the request was sent")
    void ageCountsFromTheRequest() {
      OriginAnswer slow =
          new OriginAnswer(
              "GET",
              NOTHING,
              200,
              FieldList.of("Cache-Control", "max-age=60", "Age", "20"),
              NOW - 7 * SECOND,
              NOW);
      Freshness freshness = freshness(slow, CachingRules.RFC_9111);
      assertThat(freshness.generatedAt()).isEqualTo(NOW - 27 * SECOND);
      assertThat(freshness.freshUntil()).isEqualTo(NOW + 33 * SECOND);
    }

    @Test
    @DisplayName("5.2.2.4: no-cache is never fresh")
    void noCache() {
      assertThat(freshFor("Cache-Control", "no-cache, max-age=60")).isZero();
    }
  }

  @Nested
  @DisplayName("SHOULD")
  class Should {
    @ParameterizedTest
    @DisplayName("5.1: of a list of ages the first counts, and an invalid one is ignored")
    @CsvSource({
      "'20', 20",
      "'20, 30', 20",
      "'20,', 20",
      "' 20 ', 20",
      "-5, 0",
      "abc, 0",
      "1.5, 0",
      "'', 0",
      "'x, 20', 0",
      "99999999999999999999, 2147483648"
    })
    void age(String age, long seconds) {
      assertThat(response("Age", age, "ETag", TAG).age(NOW)).isEqualTo(seconds);
    }

    @Test
    @DisplayName("5.1: of two lines of Age the first counts")
    void twoLines() {
      assertThat(response("Age", "5", "Age", "50", "ETag", TAG).age(NOW)).isEqualTo(5);
    }

    @Test
    @DisplayName("4.2: dates are read in any case")
    void anyCase() {
      assertThat(freshFor("Expires", "mon, 23 nov 2026 13:00:00 gmt")).isEqualTo(HOUR);
    }

    @Test
    @DisplayName("4.2.2: a guess is a tenth of the time since the last change")
    void aTenth() {
      assertThat(freshFor("Last-Modified", HOUR_AGO)).isEqualTo(HOUR / 10);
      assertThat(freshFor("Last-Modified", HOUR_AGO, "Date", HOUR_AHEAD)).isEqualTo(HOUR / 5);
      assertThat(freshFor("Last-Modified", HOUR_AHEAD)).isZero();
      assertThat(freshFor("Last-Modified", "Thu, 01 Jan 1970 00:00:00 GMT"))
          .isEqualTo(Freshness.LONGEST_HEURISTIC);
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @Test
    @DisplayName("4.2.2: no guess for an answer to somebody")
    void noGuessForSomebody() {
      for (String field : new String[] {"Cookie", "Authorization"}) {
        OriginAnswer answer = to("GET", FieldList.of(field, "a=b"), 200, "Last-Modified", HOUR_AGO);
        assertThat(freshFor(answer, CachingRules.RFC_9111)).as(field).isZero();
      }
    }

    @Test
    @DisplayName("4.2.3: corrected_age_value is the initial age; a wrong Date makes nothing stale")
    void aWrongDateMakesNothingStale() {
      assertThat(freshFor("Date", HOUR_AGO, "Cache-Control", "max-age=60")).isEqualTo(60 * SECOND);
      assertThat(freshFor("Date", HOUR_AHEAD, "Cache-Control", "max-age=60"))
          .isEqualTo(60 * SECOND);
    }

    @Test
    @DisplayName("5.1: Age goes on counting in whole seconds")
    void ageGoesOn() {
      StoredResponse response = response("Cache-Control", "max-age=60", "Age", "20");
      assertThat(response.age(NOW + 1999)).isEqualTo(21);
      assertThat(response.age(NOW - HOUR)).isZero();
      assertThat(response.ttl(NOW)).isEqualTo(40);
      assertThat(response.ttl(NOW + 41_500)).isEqualTo(-2);
    }
  }

  @Nested
  @DisplayName("Policy")
  class Policy {
    @ParameterizedTest
    @DisplayName("CloudFront: an origin's time lies between the least and the greatest")
    @CsvSource({
      // min, default, max, Cache-Control, seconds
      "0, 50, 100, max-age=70, 70",
      "0, 50, 100, max-age=170, 100",
      "0, 50, 100, max-age=0, 0",
      "10, 50, 100, max-age=5, 10",
      "10, 50, 100, max-age=70, 70",
      "10, 50, 100, max-age=170, 100",
      "10, 50, 100, 's-maxage=20, max-age=70', 20",
      "10, 50, 100, max-age=x, 10",
      "0, 50, 100, max-age=x, 0",
      "0, 50, 100, public, 50",
      "10, 50, 100, public, 50",
      "60, 50, 100, public, 60",
      "0, 0, 100, public, 0",
      "0, 50, 100, no-cache, 0",
      "10, 50, 100, 'no-cache, max-age=70', 0"
    })
    void times(long min, long standard, long max, String cacheControl, long seconds) {
      OriginAnswer answer = ok("Cache-Control", cacheControl, "Last-Modified", HOUR_AGO);
      assertThat(freshFor(answer, policy(min, standard, max))).isEqualTo(seconds * SECOND);
    }

    @Test
    void expiresCountsToo() {
      assertThat(freshFor(ok("Expires", HOUR_AHEAD), policy(0, 50, 7200))).isEqualTo(HOUR);
      assertThat(freshFor(ok("Expires", "0"), policy(0, 50, 7200))).isZero();
      assertThat(freshFor(ok("Expires", "0"), policy(5, 50, 7200))).isEqualTo(5 * SECOND);
    }

    @Test
    void theLeastTimeCountsFromTheArrival() {
      OriginAnswer old = ok("Cache-Control", "max-age=60", "Age", "55");
      assertThat(freshFor(old, policy(0, 0, 100))).isEqualTo(5 * SECOND);
      assertThat(freshFor(old, policy(30, 30, 100))).isEqualTo(30 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({
      "404, '', 10",
      "404, max-age=30, 30",
      "404, max-age=5, 10",
      "404, s-maxage=300, 100",
      "503, '', 10",
      "403, max-age=30, 30",
      "403, '', 0",
      "302, '', 50",
      "307, '', 0",
      "307, max-age=5, 5",
      "200, '', 50"
    })
    void errorsHaveATimeOfTheirOwn(int status, String cacheControl, long seconds) {
      CachingRules rules =
          CachingRules.of(
              Answers.policy(
                  0,
                  50,
                  100,
                  false,
                  Map.of(404, Duration.ofSeconds(10), 503, Duration.ofSeconds(10)),
                  false));
      OriginAnswer answer =
          cacheControl.isEmpty()
              ? answered(status)
              : answered(status, "Cache-Control", cacheControl);
      assertThat(freshFor(answer, rules)).isEqualTo(seconds * SECOND);
    }

    /** As CloudFront; 400, 403 and 405 only where their origin says a time. */
    @ParameterizedTest
    @CsvSource({
      "404, '', 20",
      "404, max-age=30, 30",
      "404, max-age=0, 20",
      "404, s-maxage=300, 100",
      "404, no-store, 0",
      "500, '', 20",
      "503, '', 30",
      "403, '', 0",
      "403, max-age=0, 0",
      "403, max-age=5, 20",
      "400, s-maxage=5, 20",
      "405, max-age=50, 50",
      "410, '', 0",
      "200, max-age=5, 5"
    })
    void aBehaviourGivesErrorsALeastTime(int status, String cacheControl, long seconds) {
      Duration least = Duration.ofSeconds(20);
      CachingRules rules =
          CachingRules.of(
              Answers.policy(0, 50, 100, false, Map.of(503, Duration.ofSeconds(30)), false),
              null,
              Map.of(400, least, 403, least, 404, least, 405, least, 500, least, 503, least));
      OriginAnswer answer =
          cacheControl.isEmpty()
              ? answered(status)
              : answered(status, "Cache-Control", cacheControl);
      assertThat(freshFor(answer, rules)).isEqualTo(seconds * SECOND);
    }

    @Test
    void theGeneralLeastTimeIsNotForErrors() {
      assertThat(freshFor(answered(404, "Cache-Control", "max-age=5"), policy(60, 60, 60)))
          .isEqualTo(5 * SECOND);
    }

    @Test
    void anUnsafeLeastTimeOfAnErrorOverridesTheOrigin() {
      CachingRules rules = Answers.unsafe(0, Map.of(500, Duration.ofSeconds(10)));
      assertThat(freshFor(answered(500, "Cache-Control", "no-cache"), rules))
          .isEqualTo(10 * SECOND);
      assertThat(freshFor(answered(200, "Cache-Control", "no-cache"), rules)).isZero();
    }
  }
}
