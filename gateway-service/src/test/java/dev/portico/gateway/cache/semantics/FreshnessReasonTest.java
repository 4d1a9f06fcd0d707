package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.HOUR_AGO;
import static dev.portico.gateway.cache.semantics.Answers.HOUR_AHEAD;
import static dev.portico.gateway.cache.semantics.Answers.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.HeaderFields;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
