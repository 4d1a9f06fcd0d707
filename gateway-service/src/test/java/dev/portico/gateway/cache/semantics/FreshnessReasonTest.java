package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AHEAD;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.HeaderFields;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111, section 4.2.1, and the times of a cache policy. */
class FreshnessReasonTest {
  private static String reason(CachingRules rules, int status, String... fields) {
    return FreshnessReason.of(status, HeaderFields.NONE, FieldList.of(fields), rules, NOW);
  }

  private static String reason(String... fields) {
    return reason(CachingRules.RFC_9111, 200, fields);
  }

  @Test
  void whatTheOriginSaid() {
    assertThat(reason("Cache-Control", "max-age=60, s-maxage=10"))
        .isEqualTo("s-maxage in Cache-Control");
    assertThat(reason("Cache-Control", "max-age=60", "Expires", HOUR_AHEAD))
        .isEqualTo("max-age in Cache-Control");
    assertThat(reason("CDN-Cache-Control", "max-age=60", "Cache-Control", "no-store"))
        .isEqualTo("max-age in CDN-Cache-Control");
    assertThat(reason("Expires", HOUR_AHEAD)).isEqualTo("Expires");
    assertThat(reason("Cache-Control", "no-cache")).isEqualTo("no-cache in Cache-Control");
    assertThat(reason("Cache-Control", "private")).isEqualTo("private in Cache-Control");
  }

  @Test
  void whatNobodySaid() {
    assertThat(reason("Last-Modified", HOUR_AGO))
        .isEqualTo("a tenth of the time since Last-Modified");
    assertThat(reason()).isEqualTo("nothing says a time");
  }

  @Test
  void whatThePolicySays() {
    CachingRules rules = Answers.policy(10, 20, 30);
    assertThat(reason(rules, 200)).isEqualTo("defaultTtlSeconds of the cache policy");
    assertThat(reason(rules, 200, "Cache-Control", "max-age=5"))
        .isEqualTo("minTtlSeconds of the cache policy");
    assertThat(reason(rules, 200, "Cache-Control", "max-age=25"))
        .isEqualTo("max-age in Cache-Control");
    assertThat(reason(rules, 200, "Cache-Control", "max-age=60"))
        .isEqualTo("maxTtlSeconds of the cache policy");
    assertThat(reason(Answers.errors(Map.of(404, Duration.ofSeconds(10))), 404))
        .isEqualTo("errorTtlSeconds of the cache policy");
  }

  /** The greater of two times for errors, and the behaviour's alone where the policy has none. */
  @ParameterizedTest
  @CsvSource({
    "404, '', cachingMinTtlSeconds of the behaviour's errorResponses",
    "404, no-cache, no-cache in Cache-Control",
    "404, max-age=5, cachingMinTtlSeconds of the behaviour's errorResponses",
    "404, max-age=60, max-age in Cache-Control",
    "500, '', errorTtlSeconds of the cache policy",
    "502, '', errorTtlSeconds of the cache policy",
    "503, '', cachingMinTtlSeconds of the behaviour's errorResponses",
    "504, '', nothing says a time",
    "403, '', nothing says a time",
    "403, max-age=5, cachingMinTtlSeconds of the behaviour's errorResponses",
    "403, max-age=60, max-age in Cache-Control"
  })
  void whatTheBehaviourSaysOfErrors(int status, String cacheControl, String reason) {
    Duration ten = Duration.ofSeconds(10);
    Duration twenty = Duration.ofSeconds(20);
    CachePolicy policy =
        Answers.policy(
            0, 86_400, 31_536_000, false, Map.of(500, ten, 502, twenty, 503, ten), false);
    CachingRules rules =
        CachingRules.of(policy, null, Map.of(403, ten, 404, ten, 502, ten, 503, twenty));
    String[] fields =
        cacheControl.isEmpty() ? new String[0] : new String[] {"Cache-Control", cacheControl};
    assertThat(reason(rules, status, fields)).isEqualTo(reason);
  }
}
