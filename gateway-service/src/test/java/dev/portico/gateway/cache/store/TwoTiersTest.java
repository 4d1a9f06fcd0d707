package dev.portico.gateway.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory and disk together: what is invalidated in the one is in the other. */
class TwoTiersTest {
  private static final HeaderFields ANY = FieldList.EMPTY;
  private static final int KEYS = 8;
  private static final int ROUNDS = 2_000;

  @TempDir Path folder;
  private final Queue<ByteBuf> bodies = new ConcurrentLinkedQueue<>();
  private @Nullable DiskTier tier;
  private @Nullable MemoryStore opened;

  @BeforeEach
  void open() {
    DiskTier disk = DiskTier.open(new ResponseCacheDiskSettings(folder.toString(), 16 << 20));
    tier = disk;
    opened = new MemoryStore(new ResponseCacheSettings(1 << 20, 1 << 20, 0), Runnable::run, disk);
  }

  @AfterEach
  void allMemoryIsGivenBack() {
    store().close();
    assertThat(bodies).allSatisfy(body -> assertThat(body.refCnt()).isZero());
  }

  private MemoryStore store() {
    return Objects.requireNonNull(opened);
  }

  private DiskTier disk() {
    return Objects.requireNonNull(tier);
  }

  private static CacheKey key(String target) {
    return StoreFixture.key("demo", target);
  }

  private StoredEntry entry(String text) {
    return entry(text, ANY, "Cache-Control", "max-age=60", "Cache-Tag", "news");
  }

  private StoredEntry entry(String text, HeaderFields request, String... answer) {
    ByteBuf body = Unpooled.directBuffer(Math.max(1, text.length()));
    body.writeCharSequence(text, StandardCharsets.US_ASCII);
    bodies.add(body);
    Storing storing =
        Storing.decide(
            new OriginAnswer("GET", request, 200, FieldList.of(answer), 1_000, 1_000),
            CachingRules.RFC_9111);
    return new StoredEntry(
        (Storing.Store) storing, ResponseHead.of(200).build(), new SharedBytes(body));
  }

  /** Puts it, and has it leave memory for the disk. */
  private void onDisk(String target, String text) {
    long before = disk().counts().written();
    store().put(key(target), entry(text), ANY, store().mark());
    await().until(() -> disk().counts().written() > before);
    store().evictAll();
    assertThat(store().find(key(target), ANY)).isNull();
  }

  private String load(String target) {
    return load(target, ANY);
  }

  private String load(String target, HeaderFields request) {
    CompletableFuture<String> text = new CompletableFuture<>();
    boolean there =
        store()
            .load(
                key(target),
                request,
                Runnable::run,
                entry -> text.complete(entry == null ? "gone" : text(entry)));
    return there ? text.join() : "none";
  }

  private boolean loadsFresh(String target) {
    CompletableFuture<Boolean> fresh = new CompletableFuture<>();
    assertThat(
            store()
                .load(
                    key(target),
                    ANY,
                    Runnable::run,
                    entry -> fresh.complete(entry != null && entry.response().isFresh(2_000))))
        .isTrue();
    return fresh.join();
  }

  @Test
  void whatIsInDoubtIsStaleOnDiskToo() {
    onDisk("/0", "fresh");
    assertThat(loadsFresh("/0")).isTrue();
    onDisk("/1", "one");
    onDisk("/2", "two");
    store().doubt();
    assertThat(loadsFresh("/1")).isFalse();
    for (int i = 0; i < Invalidations.SWEEP_AT; i++) {
      store().invalidate("another", new Purge.Path("/" + i));
    }
    assertThat(loadsFresh("/2")).as("after a sweep").isFalse();
    onDisk("/3", "three");
    assertThat(loadsFresh("/3")).as("asked for after the doubt").isTrue();
  }

  private static String text(StoredEntry entry) {
    ByteBuf body = entry.borrow();
    if (body == null) {
      return "";
    }
    try {
      return body.toString(StandardCharsets.US_ASCII);
    } finally {
      body.release();
    }
  }

  @Test
  void whatIsLoadedIsInMemoryAgain() {
    onDisk("/a", "one");
    assertThat(store().contains(key("/a"))).isTrue();
    assertThat(load("/a")).isEqualTo("one");
    assertThat(text(Objects.requireNonNull(store().find(key("/a"), ANY)))).isEqualTo("one");
    assertThat(load("/b")).isEqualTo("none");
  }

  @Test
  void everyKindOfInvalidationHoldsForTheDisk() {
    List<Purge> purges =
        List.of(
            Purge.paths("/a"),
            Purge.paths("/a*"),
            new Purge.Tag("news"),
            StoreFixture.uri("demo", "/a"),
            new Purge.All());
    for (Purge purge : purges) {
      onDisk("/a", "one");
      store().invalidate("demo", Purge.paths("/other"));
      assertThat(load("/a")).as("another path").isEqualTo("one");
      onDisk("/a", "two");
      store().invalidate("demo", purge);
      assertThat(load("/a")).as(purge.toString()).isIn("gone", "none");
      assertThat(load("/a")).as(purge.toString()).isEqualTo("none");
    }
    onDisk("/a", "one");
    store().removeAll();
    assertThat(load("/a")).isEqualTo("none");
  }

  @Test
  void aSweepGoesThroughTheDiskToo() {
    onDisk("/a", "one");
    onDisk("/b", "two");
    store().invalidate("demo", Purge.paths("/a"));
    for (int i = 0; i < Invalidations.SWEEP_AT; i++) {
      store().invalidate("demo", Purge.paths("/other" + i));
    }
    // What was written down is forgotten: only the sweep can have known.
    assertThat(disk().contains(key("/a"))).isFalse();
    assertThat(load("/b")).isEqualTo("two");
  }

  @Test
  void whatWasInvalidatedBeforeARestartOrAfterIsNotServed() {
    onDisk("/a", "one");
    store().close();
    open();
    await().until(() -> disk().contains(key("/a")));
    store().invalidate("demo", Purge.paths("/a"));
    assertThat(load("/a")).isIn("gone", "none");
    assertThat(load("/a")).isEqualTo("none");
  }

  /** The same for 120 seconds more, with a use of its body for the store. */
  private static StoredEntry renewed(StoredEntry old) {
    assertThat(old.body().use()).isTrue();
    FieldList fields = FieldList.of("Cache-Control", "max-age=120");
    Storing.Store renewed =
        (Storing.Store)
            Storing.decide(
                new OriginAnswer("GET", ANY, 200, fields, 9_000, 9_000), CachingRules.RFC_9111);
    return old.renewed(renewed, ResponseHead.of(200).build());
  }

  @Test
  void whatIsHeldOnDiskAloneIsRenewedToo() {
    onDisk("/a", "one");
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    store()
        .load(
            key("/a"),
            ANY,
            Runnable::run,
            entry -> {
              // As W-TinyLFU does with what is new when everything else is asked for more often.
              store().evictAll();
              StoredEntry old = Objects.requireNonNull(entry);
              stored.complete(store().freshen(key("/a"), old, renewed(old), store().mark()));
            });
    assertThat(stored.join()).isTrue();
    StoredEntry found = Objects.requireNonNull(store().find(key("/a"), ANY));
    assertThat(found.response().freshUntil()).isEqualTo(129_000);
    assertThat(text(found)).isEqualTo("one");
  }

  @Test
  void whatWasAnsweredUnderAnotherVaryNeverComesBackFromDisk() {
    FieldList german = FieldList.of("Accept-Language", "de");
    StoredEntry old =
        entry("eins", german, "Cache-Control", "max-age=60", "Vary", "Accept-Language");
    store().put(key("/a"), old, german, store().mark());
    await().until(() -> disk().counts().written() == 1);
    store().put(key("/a"), entry("all", german, "Cache-Control", "max-age=60"), german, 0);
    await().until(() -> disk().counts().written() == 2);
    store().evictAll();
    assertThat(load("/a", german)).isEqualTo("all");
    store().drop(key("/a"), Objects.requireNonNull(store().find(key("/a"), german)));
    assertThat(load("/a", german)).isEqualTo("none");
  }

  @Test
  void whatIsDroppedWhileItIsReadStaysDropped() {
    onDisk("/a", "one");
    MemoryStore dropping =
        new MemoryStore(
            new ResponseCacheSettings(1 << 20, 1 << 20, 0),
            Runnable::run,
            new AfterRead(disk(), entry -> disk().drop(key("/a"), entry)));
    CompletableFuture<Boolean> loaded = new CompletableFuture<>();
    dropping.load(key("/a"), ANY, Runnable::run, entry -> loaded.complete(entry != null));
    assertThat(loaded.join()).isFalse();
    assertThat(dropping.find(key("/a"), ANY)).isNull();
    assertThat(dropping.contains(key("/a"))).isFalse();
    dropping.removeAll();
  }

  /** A disk on which something happens after each read, before its outcome is told. */
  private record AfterRead(DiskTier disk, Consumer<StoredEntry> then) implements SecondTier {
    @Override
    public boolean load(
        CacheKey key, HeaderFields request, BiConsumer<CacheKey, @Nullable StoredEntry> told) {
      return disk.load(
          key,
          request,
          (lasting, entry) -> {
            then.accept(Objects.requireNonNull(entry));
            told.accept(lasting, entry);
          });
    }

    @Override
    public void put(CacheKey key, StoredEntry entry, Predicate<StoredResponse> outdated) {
      disk.put(key, entry, outdated);
    }

    @Override
    public void evicted(CacheKey key, StoredEntry entry) {
      disk.evicted(key, entry);
    }

    @Override
    public void drop(CacheKey key, StoredEntry entry) {
      disk.drop(key, entry);
    }

    @Override
    public boolean contains(CacheKey key) {
      return disk.contains(key);
    }

    @Override
    public boolean contains(CacheKey key, StoredEntry loaded) {
      return disk.contains(key, loaded);
    }

    @Override
    public void sweep(Invalidations invalidations, long upTo) {
      disk.sweep(invalidations, upTo);
    }

    @Override
    public void removeAll() {
      disk.removeAll();
    }

    @Override
    public TierCounts counts() {
      return disk.counts();
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  @Test
  void aRenewedResponseIsRenewedOnDisk() {
    StoredEntry old = entry("one");
    store().put(key("/a"), old, ANY, store().mark());
    assertThat(store().freshen(key("/a"), old, renewed(old), store().mark())).isTrue();
    await().until(() -> disk().contains(key("/a")));
    CompletableFuture<Long> until = new CompletableFuture<>();
    disk()
        .load(
            key("/a"),
            ANY,
            (key, entry) -> {
              until.complete(Objects.requireNonNull(entry).response().freshUntil());
              entry.body().giveUp();
            });
    assertThat(until.join()).isEqualTo(129_000);
  }

  /** Who looks after an invalidation never gets what was asked for before it, from either tier. */
  @RepeatedTest(3)
  void racesOfAllThatCanHappen() throws Exception {
    long seed = new Random().nextLong();
    String hint = "seed " + seed;
    System.out.println(hint);
    AtomicLongArray versions = new AtomicLongArray(KEYS);
    AtomicLongArray gone = new AtomicLongArray(KEYS);
    Queue<String> faults = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      Random random = new Random(seed + thread);
      threads.add(Thread.ofPlatform().start(() -> race(random, versions, gone, faults)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(faults).as(hint).isEmpty();
    assertThat(disk().counts().corrupt()).as(hint).isZero();
    assertThat(disk().counts().failures()).as(hint).isZero();
  }

  private void race(
      Random random, AtomicLongArray versions, AtomicLongArray gone, Queue<String> faults) {
    for (int round = 0; round < ROUNDS && faults.isEmpty(); round++) {
      int at = random.nextInt(KEYS);
      CacheKey key = key("/k" + at);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          long mark = store().mark();
          long version = versions.incrementAndGet(at);
          // Large, so that memory holds some of them only.
          String text = version + "/" + at + "/" + "x".repeat(random.nextInt(200_000));
          store().put(key, entry(text), ANY, mark);
        }
        case 2 -> {
          long last = versions.get(at);
          store().invalidate("demo", Purge.paths("/k" + at));
          gone.accumulateAndGet(at, last, Math::max);
        }
        case 3 -> {
          if (random.nextInt(10) == 0) {
            store().evictAll();
          }
          StoredEntry found = store().find(key, ANY);
          if (found != null) {
            store().drop(key, found);
          }
        }
        default -> {
          long least = gone.get(at);
          StoredEntry found = store().find(key, ANY);
          if (found != null) {
            judge(text(found), at, least, faults);
          } else {
            String loaded = load("/k" + at);
            judge(loaded.equals("gone") || loaded.equals("none") ? "" : loaded, at, least, faults);
          }
        }
      }
    }
  }

  private static void judge(String text, int at, long least, Queue<String> faults) {
    if (text.isEmpty()) {
      return;
    }
    String[] parts = text.split("/", 3);
    if (!parts[1].equals(Integer.toString(at)) || Long.parseLong(parts[0]) <= least) {
      faults.add("of " + at + " above " + least + ": " + parts[0] + "/" + parts[1]);
    }
  }
}
