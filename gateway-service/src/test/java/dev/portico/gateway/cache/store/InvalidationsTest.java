package dev.portico.gateway.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes after an invalidation and what stays, and that nothing old comes after one. */
class InvalidationsTest {
  private static final HeaderFields ANY = HeaderFields.NONE;
  private static final String FRESH = "max-age=60";

  private final Queue<Runnable> sweeps = new ArrayDeque<>();
  private final MemoryStore store =
      new MemoryStore(
          new ResponseCacheSettings(64 << 20, 1 << 20, 0), sweeps::add, SecondTier.NONE);

  @AfterEach
  void empty() {
    store.removeAll();
  }

  private boolean put(String site, String target, String... tags) {
    return put(site, target, store.mark(), tags);
  }

  private boolean put(String site, String target, long mark, String... tags) {
    StoredEntry entry =
        StoreFixture.entry("Cache-Control", FRESH, "Cache-Tag", String.join(",", tags));
    return store.put(StoreFixture.key(site, target), entry, ANY, mark);
  }

  private static boolean fresh(@Nullable StoredEntry entry) {
    return entry != null && entry.response().isFresh(2_000);
  }

  private boolean fresh(String target) {
    return fresh(store.find(StoreFixture.key("a", target), ANY));
  }

  @Test
  void whatIsInDoubtIsThereAndStale() {
    put("a", "/1");
    assertThat(fresh("/1")).isTrue();
    store.doubt();
    assertThat(fresh("/1")).isFalse();
    assertThat(fresh("/1")).as("and stays stale").isFalse();
    put("a", "/1");
    assertThat(fresh("/1")).as("asked for after the doubt").isTrue();
  }

  @Test
  void whatWasOnItsWayDuringADoubtIsStoredStaleAndJoinedByNobody() {
    long mark = store.mark();
    assertThat(store.isCurrent(StoreFixture.key("a", "/1"), CacheTags.NONE, mark)).isTrue();
    store.doubt();
    assertThat(store.isCurrent(StoreFixture.key("a", "/1"), CacheTags.NONE, mark)).isFalse();
    assertThat(store.isCurrent(StoreFixture.key("a", "/1"), CacheTags.NONE, store.mark())).isTrue();
    assertThat(put("a", "/1", mark)).isTrue();
    assertThat(fresh("/1")).isFalse();
  }

  @Test
  void whatIsInDoubtCanBeInvalidatedAndOutlivesASweep() {
    put("a", "/1");
    put("a", "/2");
    store.doubt();
    store.invalidate("a", new Purge.Path("/1"));
    assertThat(held("a", "/1", "/2")).containsExactly("/2");
    put("a", "/3");
    store.doubt();
    for (int i = 0; i < Invalidations.SWEEP_AT; i++) {
      store.invalidate("b", new Purge.Path("/" + i));
    }
    sweeps.remove().run();
    assertThat(held("a", "/2", "/3")).containsExactly("/2", "/3");
    assertThat(fresh("/3")).isFalse();
  }

  private boolean holds(String site, String target) {
    return store.find(StoreFixture.key(site, target), ANY) != null;
  }

  private List<String> held(String site, String... targets) {
    List<String> held = new ArrayList<>();
    for (String target : targets) {
      if (holds(site, target)) {
        held.add(target);
      }
    }
    return held;
  }

  private static final String[] TARGETS = {"/", "/a", "/a?x", "/a/b", "/a/b?x=1&y=2", "/ab", "/A"};

  private void putAll() {
    for (String target : TARGETS) {
      put("demo", target, "t" + target.length());
      put("other", target, "t" + target.length());
    }
  }

  @Test
  void anExactPathGoesWithAllItsQueries() {
    putAll();
    store.invalidate("demo", Purge.paths("/a"));
    assertThat(held("demo", TARGETS)).containsExactly("/", "/a/b", "/a/b?x=1&y=2", "/ab", "/A");
    assertThat(held("other", TARGETS)).containsExactly(TARGETS);
  }

  @Test
  void aPatternGoesForAllThatStartsSo() {
    putAll();
    store.invalidate("demo", Purge.paths("/a*"));
    assertThat(held("demo", TARGETS)).containsExactly("/", "/A");
    putAll();
    store.invalidate("demo", Purge.paths("/a/*"));
    assertThat(held("demo", TARGETS)).containsExactly("/", "/a", "/a?x", "/ab", "/A");
    assertThat(held("other", TARGETS)).containsExactly(TARGETS);
  }

  @Test
  void aTagGoesWhereverItIs() {
    putAll();
    store.invalidate("demo", new Purge.Tag("t2"));
    assertThat(held("demo", TARGETS)).containsExactly("/", "/a?x", "/a/b", "/a/b?x=1&y=2", "/ab");
    assertThat(held("other", TARGETS)).containsExactly(TARGETS);
    store.invalidate("demo", new Purge.Tag("none"));
    assertThat(held("demo", TARGETS)).hasSize(5);
  }

  @Test
  void allOfASiteGoes() {
    putAll();
    store.invalidate("demo", Purge.paths("/*"));
    assertThat(held("demo", TARGETS)).isEmpty();
    assertThat(held("other", TARGETS)).containsExactly(TARGETS);
  }

  @Test
  void aUriGoesWithItsQueryOnly() {
    putAll();
    store.invalidate("demo", StoreFixture.uri("demo", "/a/b?x=1&y=2"));
    assertThat(held("demo", TARGETS)).doesNotContain("/a/b?x=1&y=2").hasSize(5);
    store.invalidate("demo", StoreFixture.uri("demo", "/a"));
    assertThat(held("demo", TARGETS)).containsExactly("/", "/a?x", "/ab", "/A");
  }

  @Test
  void tooManyUrisOfOnePathAreAllOfIt() {
    put("demo", "/a?kept");
    for (int i = 0; i < SiteInvalidations.MOST_URIS; i++) {
      store.invalidate("demo", StoreFixture.uri("demo", "/a?" + i));
    }
    assertThat(holds("demo", "/a?kept")).isTrue();
    store.invalidate("demo", StoreFixture.uri("demo", "/a?one-more"));
    assertThat(holds("demo", "/a?kept")).isFalse();
  }

  /** Its query would take memory by the hundred kilobytes. */
  @Test
  void aUriWithAVeryLongQueryIsAllOfItsPath() {
    put("demo", "/a?kept");
    String query = "x=1&".repeat(SiteInvalidations.MOST_PIECES + 1);
    store.invalidate("demo", StoreFixture.uri("demo", "/a?" + query));
    assertThat(holds("demo", "/a?kept")).isFalse();
  }

  @Test
  void whatIsStoredAfterAnInvalidationStays() {
    put("demo", "/a", "t");
    for (Purge purge :
        List.of(
            Purge.paths("/*"),
            Purge.paths("/a*"),
            Purge.paths("/a"),
            new Purge.Tag("t"),
            StoreFixture.uri("demo", "/a"))) {
      long before = store.mark();
      store.invalidate("demo", purge);
      assertThat(holds("demo", "/a")).as("%s", purge).isFalse();
      assertThat(store.isCurrent(StoreFixture.key("demo", "/a"), tags(), before)).isFalse();
      assertThat(put("demo", "/a", before, "t")).as("%s", purge).isFalse();
      assertThat(put("demo", "/a", "t")).isTrue();
      assertThat(holds("demo", "/a")).as("%s", purge).isTrue();
      assertThat(store.isCurrent(StoreFixture.key("demo", "/a"), tags(), store.mark())).isTrue();
    }
  }

  private static CacheTags tags() {
    return CacheTags.of(FieldList.of("Cache-Tag", "t"));
  }

  @Test
  void patternsThatAreNoneAreRefused() {
    for (String pattern : List.of("", "*", "a", "/a*b", "/*/b", "/a?x", "/a**")) {
      assertThatThrownBy(() -> Purge.paths(pattern))
          .as(pattern)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Purge.Tag("a b")).isInstanceOf(IllegalArgumentException.class);
    assertThat(Purge.paths("/a%20b*")).isEqualTo(new Purge.Prefix("/a b"));
  }

  @Test
  void aSweepForgetsWhatAllHasBeenComparedWith() {
    put("demo", "/gone");
    put("demo", "/stays");
    long before = store.mark();
    store.invalidate("demo", Purge.paths("/gone"));
    for (int i = 0; sweeps.isEmpty(); i++) {
      assertThat(i).isLessThanOrEqualTo(Invalidations.SWEEP_AT);
      store.invalidate("demo", Purge.paths("/no" + i));
    }
    assertThat(store.heldKeys()).isEqualTo(2);
    sweeps.remove().run();
    assertThat(sweeps).isEmpty();
    assertThat(store.heldKeys()).isEqualTo(1);
    assertThat(holds("demo", "/gone")).isFalse();
    assertThat(holds("demo", "/stays")).isTrue();
    // What it was invalidated by is forgotten: what is as old cannot be told from it.
    assertThat(put("demo", "/gone", before)).isFalse();
    assertThat(put("demo", "/gone")).isTrue();
    assertThat(holds("demo", "/gone")).isTrue();
  }

  @Test
  void moreThanCanBeWrittenDownEmptyTheirSite() {
    put("demo", "/a");
    put("other", "/a");
    for (int i = 0; i < Invalidations.MOST; i++) {
      store.invalidate("demo", new Purge.Tag("t" + i));
    }
    assertThat(holds("demo", "/a")).isTrue();
    store.invalidate("demo", new Purge.Tag("one-more"));
    assertThat(holds("demo", "/a")).isFalse();
    assertThat(holds("other", "/a")).isTrue();
  }

  /**
   * Versions of a few resources are asked for, stored and found while invalidations, sweeps among
   * them, come from other threads: whoever asks after an invalidation gets nothing from before it.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void nothingOldIsFoundAfterAnInvalidation(int kind) throws Exception {
    long seed = System.nanoTime();
    System.out.println("InvalidationsTest seed " + seed);
    Random random = new Random(seed);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    MemoryStore raced =
        new MemoryStore(
            new ResponseCacheSettings(64 << 20, 1 << 20, 0), Runnable::run, SecondTier.NONE);
    AtomicInteger version = new AtomicInteger(1);
    AtomicBoolean over = new AtomicBoolean();
    int found = 0;
    CacheKey key = StoreFixture.key("demo", "/a");
    CountDownLatch started = new CountDownLatch(3);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(
          threads.submit(
              () -> {
                started.countDown();
                while (!over.get()) {
                  long mark = raced.mark();
                  String now = Integer.toString(version.get());
                  StoredEntry entry =
                      StoreFixture.entry(
                          "Cache-Control", FRESH, "X-Version", now, "Cache-Tag", "t");
                  raced.put(key, entry, ANY, mark);
                }
              }));
    }
    running.add(
        threads.submit(
            () -> {
              started.countDown();
              for (int i = 0; !over.get(); i++) {
                raced.invalidate("demo", Purge.paths("/other" + i % 100_000));
              }
            }));
    started.await();
    try {
      for (int i = 0; i < 5_000; i++) {
        int current = version.incrementAndGet();
        raced.invalidate(
            "demo",
            switch (kind) {
              case 0 -> StoreFixture.uri("demo", "/a");
              case 1 -> new Purge.Tag("t");
              default -> Purge.paths("/a*");
            });
        if (i % 1_000 == 0) {
          await().until(() -> raced.find(key, ANY) != null);
        }
        for (int look = random.nextInt(4); look >= 0; look--) {
          StoredEntry entry = raced.find(key, ANY);
          if (entry != null) {
            found++;
            assertThat(Integer.parseInt(String.valueOf(entry.fields().first("X-Version"))))
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(current);
          }
        }
      }
    } finally {
      over.set(true);
      for (Future<?> each : running) {
        each.get();
      }
      threads.shutdown();
      raced.removeAll();
    }
    assertThat(found).isPositive();
  }
}
