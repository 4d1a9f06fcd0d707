package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCachingTest {
  private static RequestCaching of(String method, boolean body) {
    return RequestCaching.of(method, body, CachingRules.RFC_9111);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, LOOKUP",
    "HEAD, LOOKUP",
    "POST, METHOD",
    "OPTIONS, METHOD",
    "PUT, METHOD",
    "get, METHOD",
    "PURGE, METHOD"
  })
  void methods(String method, RequestCaching caching) {
    assertThat(of(method, false)).isEqualTo(caching);
  }

  @Test
  void aBodyIsInNoKey() {
    assertThat(of("GET", true)).isEqualTo(RequestCaching.REQUEST);
  }

  @Test
  void aPolicyWithoutTimeIsBypassed() {
    assertThat(RequestCaching.of("GET", false, Answers.policy(0, 0, 0)))
        .isEqualTo(RequestCaching.DISABLED);
  }
}
