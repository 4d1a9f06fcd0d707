package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.key.KeyWriter;
import dev.portico.gateway.cache.key.KeyedUri;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What stores are given, in small. */
final class StoreFixture {
  private StoreFixture() {}

  static ViewerRequest request(String target) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    return new ViewerRequest(
        RequestIds.of(0, null),
        "GET",
        "https",
        "demo.example",
        443,
        path,
        path,
        false,
        question < 0 ? null : target.substring(question + 1),
        HeaderFields.NONE,
        "192.0.2.1",
        HttpProtocol.HTTP_1_1,
        0,
        new ConnectionMemory());
  }

  static CacheKey key(String site, String target) {
    return new KeyWriter().write(site + "/app", request(target), KeyRules.RFC_9111).kept();
  }

  static Purge.Uri uri(String site, String target) {
    ViewerRequest request = request(target);
    return new Purge.Uri(KeyedUri.of(site, request, request.rawPath(), request.query()));
  }

  /** Not pooled: a pool lends the same object again, with a count of its new life. */
  static StoredEntry entry(String... fields) {
    FieldList all = FieldList.of(fields);
    ByteBuf body = Unpooled.directBuffer(8).writeLong(0);
    Storing storing =
        Storing.decide(
            new OriginAnswer("GET", HeaderFields.NONE, 200, all, 1_000, 1_000),
            CachingRules.RFC_9111);
    return new StoredEntry(
        (Storing.Store) storing, ResponseHead.of(200).build(), new SharedBytes(body));
  }
}
