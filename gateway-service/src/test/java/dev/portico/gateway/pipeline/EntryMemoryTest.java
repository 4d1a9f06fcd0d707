package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.key.KeyWriter;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.cache.store.SharedBytes;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ClientFixture;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.PathPattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What a cached object costs besides its bytes: many are stored as a flight stores them, and the
 * memory in use is compared with that before.
 */
class EntryMemoryTest {
  private static final int ENTRIES = 30_000;
  private static final int BODY = 1024;

  /** In bytes for each entry; docs/caching.md has the figure. */
  private static final long MOST = 640;

  private final EdgeBehaviour behaviour =
      new EdgeBehaviour(
          "demo",
          "app",
          new Behaviour(PathPattern.ALL, "app", null, EdgeFixture.METHODS),
          ClientFixture.origin(80, 1),
          null,
          null,
          OriginFacts.NONE,
          false);
  private final KeyWriter keys = new KeyWriter();
  private long bytes;

  private static ViewerRequest request(int number) {
    String path = "/products/category/item-" + number + ".json";
    return new ViewerRequest(
        RequestIds.of(0, null),
        "GET",
        "https",
        "www.example.com",
        443,
        path,
        path,
        false,
        null,
        HeaderFields.NONE,
        "192.0.2.1",
        HttpProtocol.HTTP_1_1,
        0,
        new ConnectionMemory());
  }

  /** As a decoder makes them: no string is shared. */
  private static FieldList fields(int number) {
    String[] fields = {
      "Date", "Sat, 28 Nov 2026 12:00:00 GMT",
      "Server", "nginx",
      "Content-Type", "application/json",
      "Content-Length", Integer.toString(BODY),
      "Cache-Control", "public, max-age=3600",
      "Last-Modified", "Fri, 27 Nov 2026 12:00:00 GMT",
      "ETag", String.format(Locale.ROOT, "\"%08x-400\"", number),
      "Accept-Ranges", "bytes",
    };
    for (int i = 0; i < fields.length; i++) {
      fields[i] = String.valueOf(fields[i].toCharArray());
    }
    return FieldList.of(fields);
  }

  private void put(MemoryStore store, int number) {
    ViewerRequest request = request(number);
    OriginAnswer answer =
        new OriginAnswer(
            "GET", HeaderFields.NONE, 200, fields(number), 1_795_867_200_000L, 1_795_867_200_000L);
    Storing.Store storing = (Storing.Store) Storing.decide(answer, CachingRules.RFC_9111);
    ResponseHead head = behaviour.head(200, DeliveredFields.whole(storing.fields()), request);
    ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(BODY, BODY).writeZero(BODY);
    StoredEntry entry = new StoredEntry(storing, head, new SharedBytes(body));
    bytes += BODY + entry.head().encoded().length;
    store.put(
        keys.write(behaviour.scope(), request, KeyRules.RFC_9111).kept(),
        entry,
        HeaderFields.NONE,
        store.mark());
  }

  private static long heap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    for (int i = 0; i < 5; i++) {
      memory.gc();
    }
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Test
  void aSmallObjectCostsLittleBesidesItsBytes() {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    // Or each buffer would be wrapped, and its accesses written down.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    MemoryStore store = new MemoryStore(new ResponseCacheSettings(1 << 30, 1 << 20, 0));
    try {
      put(store, -1);
      long heapBefore = heap();
      long directBefore = direct();
      bytes = 0;
      for (int i = 0; i < ENTRIES; i++) {
        put(store, i);
      }
      long heap = heap() - heapBefore;
      long direct = direct() - directBefore;
      assertThat(store.heldKeys()).isEqualTo(ENTRIES + 1);
      long each = (heap + direct - bytes) / ENTRIES;
      System.out.printf(
          Locale.ROOT,
          "EntryMemoryTest: %d B of heap, %d B direct, %d B of them body and head: %d B more%n",
          heap / ENTRIES,
          direct / ENTRIES,
          bytes / ENTRIES,
          each);
      assertThat(each).isLessThanOrEqualTo(MOST);
      assertThat(
              Objects.requireNonNull(
                      store.find(
                          keys.write(behaviour.scope(), request(7), KeyRules.RFC_9111),
                          HeaderFields.NONE))
                  .fields()
                  .first("ETag"))
          .isEqualTo("\"00000007-400\"");
    } finally {
      store.removeAll();
      ResourceLeakDetector.setLevel(level);
    }
  }
}
