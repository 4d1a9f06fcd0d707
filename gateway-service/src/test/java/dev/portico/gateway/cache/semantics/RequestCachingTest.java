package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCachingTest {
  private static RequestCaching of(String method, boolean body, String... fields) {
    return RequestCaching.of(method, body, FieldList.of(fields), CachingRules.RFC_9111);
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
  void anotherProtocolIsNotCached() {
    assertThat(of("GET", false, "Connection", "upgrade", "Upgrade", "websocket"))
        .isEqualTo(RequestCaching.REQUEST);
  }

  @Test
  void aPolicyWithoutTimeIsBypassed() {
    assertThat(RequestCaching.of("GET", false, FieldList.EMPTY, Answers.policy(0, 0, 0)))
        .isEqualTo(RequestCaching.DISABLED);
  }

  @Test
  void whatViewersAskBypassesNothing() {
    assertThat(of("GET", false, "Cache-Control", "no-store, no-cache", "Authorization", "x"))
        .isEqualTo(RequestCaching.LOOKUP);
  }
}
