package dev.portico.gateway.response.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ResponseHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What caches beyond the gateway are told of what is guarded. */
class PrivateRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''|private
          public|private
          'public, max-age=60'|'private, max-age=60'
          'max-age=60, s-maxage=600'|'private, max-age=60'
          'PUBLIC , Max-Age=60,proxy-revalidate'|'private, Max-Age=60'
          'private="x-a, x-b", max-age=1'|'private, max-age=1'
          'no-cache="set-cookie, x-a", public'|'private, no-cache="set-cookie, x-a"'
          no-store|no-store
          'public, no-store'|no-store
          """)
  void cacheControl(String said, String kept) {
    assertThat(PrivateRules.restricted(said)).isEqualTo(kept);
  }

  @Test
  void noOtherFieldLetsThemShare() {
    ResponseHead head =
        PrivateRules.restricted(
            ResponseHead.of(200)
                .add("Cache-Control", "public")
                .add("cache-control", "s-maxage=60")
                .add("CDN-Cache-Control", "max-age=60")
                .add("Surrogate-Control", "max-age=60")
                .add("Cloudflare-CDN-Cache-Control", "max-age=60")
                .add("X-Accel-Expires", "60")
                .add("ETag", "\"a\"")
                .build());
    assertThat(head.first("cache-control")).isEqualTo("private");
    assertThat(head.first("cdn-cache-control")).isNull();
    assertThat(head.first("surrogate-control")).isNull();
    assertThat(head.first("cloudflare-cdn-cache-control")).isNull();
    assertThat(head.first("x-accel-expires")).isNull();
    assertThat(head.first("etag")).isEqualTo("\"a\"");
  }
}
