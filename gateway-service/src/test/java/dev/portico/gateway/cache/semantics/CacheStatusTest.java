package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.CacheStatus.Forward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9211, section 2. */
class CacheStatusTest {
  @Test
  void hit() {
    assertThat(CacheStatus.hit(376).render("Portico")).isEqualTo("Portico; hit; ttl=376");
    assertThat(CacheStatus.hit(-5).render("Portico")).isEqualTo("Portico; hit; ttl=-5");
  }

  @Test
  void forwarded() {
    assertThat(
            CacheStatus.forwarded(Forward.URI_MISS)
                .answered(200)
                .storedFor(60)
                .collapsedWithAnother()
                .withDetail("set-cookie")
                .render("Portico"))
        .isEqualTo(
            "Portico; fwd=uri-miss; fwd-status=200; ttl=60; stored; collapsed; detail=set-cookie");
  }

  @ParameterizedTest
  @CsvSource({
    "BYPASS, bypass",
    "METHOD, method",
    "URI_MISS, uri-miss",
    "VARY_MISS, vary-miss",
    "MISS, miss",
    "REQUEST, request",
    "STALE, stale",
    "PARTIAL, partial"
  })
  void reasons(Forward forward, String token) {
    assertThat(CacheStatus.forwarded(forward).render("p")).isEqualTo("p; fwd=" + token);
  }

  @Test
  void whatIsNoTokenIsAString() {
    assertThat(CacheStatus.hit(0).withDetail("ü\n").render("edge 1"))
        .isEqualTo("\"edge 1\"; hit; ttl=0; detail=\"??\"");
    assertThat(CacheStatus.hit(0).withDetail("a b?\"c\\").render("p"))
        .isEqualTo("p; hit; ttl=0; detail=\"a b?\\\"c\\\\\"");
    assertThat(CacheStatus.hit(0).render("1a")).startsWith("\"1a\";");
    assertThat(CacheStatus.hit(0).render("\u00e4")).startsWith("\"?\";");
  }

  @ParameterizedTest
  @CsvSource({"HIT, Hit", "REFRESH_HIT, RefreshHit", "MISS, Miss", "ERROR, Error"})
  void cloudFrontsWords(CacheResult result, String word) {
    assertThat(result.field()).isEqualTo(word + " from portico");
  }
}
