package dev.portico.gateway.cache.key;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests and policies for tests. */
final class Requests {
  private Requests() {}

  static ViewerRequest get(@Nullable String query, String... fields) {
    return of("https", "example.com", 443, "/a", query, fields);
  }

  static ViewerRequest of(
      String scheme, String host, int port, String path, @Nullable String query, String... fields) {
    return new ViewerRequest(
        RequestIds.of(0, null),
        "GET",
        scheme,
        host,
        port,
        path,
        path,
        false,
        query,
        FieldList.of(fields),
        "192.0.2.1",
        HttpProtocol.HTTP_1_1,
        0,
        new ConnectionMemory());
  }

  static CachePolicy policy(
      Set<String> headers,
      KeySelection cookies,
      KeySelection query,
      boolean sorted,
      boolean gzip,
      boolean brotli) {
    KeySelection named =
        headers.isEmpty() ? KeySelection.NONE : new KeySelection(KeySelection.Mode.ONLY, headers);
    return new CachePolicy(
        "test",
        Duration.ZERO,
        Duration.ofDays(1),
        Duration.ofDays(365),
        false,
        named,
        cookies,
        query,
        sorted,
        gzip,
        brotli,
        Map.of(),
        false);
  }

  static KeySelection only(String... names) {
    return new KeySelection(KeySelection.Mode.ONLY, Set.of(names));
  }

  static KeySelection allExcept(String... names) {
    return new KeySelection(KeySelection.Mode.ALL_EXCEPT, Set.of(names));
  }
}
