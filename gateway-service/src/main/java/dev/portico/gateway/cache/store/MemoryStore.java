package dev.portico.gateway.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.exchange.HeaderFields;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tier in memory: within a number of bytes, and what to keep is decided by W-TinyLFU, so that a
 * crawl through all pages does not push out what is asked for often. What it takes it passes on to
 * a second tier, if there is one, and takes back from there what is asked for again; one and the
 * same list of invalidations holds for both.
 *
 * <p>The map's values are immutable and replaced as a whole, so that its own atomicity is all there
 * is: a value that the map gives up ends its uses in the removal listener, once.
 */
@Singleton
public final class MemoryStore implements ResponseStore {
  private final Cache<CacheKey, Variants> entries;
  private final Invalidations invalidations = new Invalidations();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final Executor sweeper;
  private final SecondTier second;
  private final long largest;
  private final int sliceSize;

  /** An empty store without a second tier. */
  public MemoryStore(ResponseCacheSettings settings) {
    this(settings, ResponseCacheDiskSettings.OFF);
  }

  /** A store with a second tier on disk, if the settings say so. */
  @Inject
  public MemoryStore(ResponseCacheSettings settings, ResponseCacheDiskSettings disk) {
    this(
        settings,
        task -> Thread.ofVirtual().name("response-cache-sweep").start(task),
        disk.enabled() ? DiskTier.open(disk) : SecondTier.NONE);
  }

  /**
   * An empty store.
   *
   * @param sweeper where all that is stored is gone through now and then
   */
  MemoryStore(ResponseCacheSettings settings, Executor sweeper, SecondTier second) {
    this.sweeper = sweeper;
    this.second = second;
    largest = settings.largest();
    sliceSize = settings.slice();
    entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.size())
            .weigher((CacheKey key, Variants variants) -> variants.weight())
            .executor(Runnable::run)
            // With the entry's place in the map held, so that both tiers forget it or neither.
            .evictionListener(this::evicted)
            .removalListener(this::removed)
            .build();
  }

  private void evicted(@Nullable CacheKey key, @Nullable Variants variants, RemovalCause cause) {
    if (key != null && variants != null) {
      variants.entries().forEach(entry -> second.evicted(key, entry));
    }
  }

  private void removed(@Nullable CacheKey key, @Nullable Variants variants, RemovalCause cause) {
    if (variants != null) {
      variants.giveUp();
    }
  }

  @Override
  public boolean takes(long length) {
    return length <= largest;
  }

  @Override
  public int sliceSize() {
    return sliceSize;
  }

  @Override
  public @Nullable StoredEntry find(CacheKey key, HeaderFields request) {
    Variants variants = entries.getIfPresent(key);
    while (variants != null) {
      StoredEntry entry = variants.choose(request);
      if (entry == null || invalidations.hold(key, entry)) {
        return entry;
      }
      drop(key, entry);
      variants = entries.policy().getIfPresentQuietly(key);
    }
    return null;
  }

  @Override
  public boolean load(
      CacheKey key, HeaderFields request, Executor executor, Consumer<@Nullable StoredEntry> then) {
    return second.load(
        key, request, (lasting, loaded) -> loaded(lasting, loaded, request, executor, then));
  }

  private void loaded(
      CacheKey key,
      @Nullable StoredEntry loaded,
      HeaderFields request,
      Executor executor,
      Consumer<@Nullable StoredEntry> then) {
    StoredEntry entry = loaded == null ? null : admit(key, loaded, request);
    try {
      executor.execute(
          () -> {
            try {
              then.accept(entry);
            } finally {
              giveUp(entry);
            }
          });
    } catch (RejectedExecutionException e) {
      giveUp(entry);
    }
  }

  private static void giveUp(@Nullable StoredEntry entry) {
    if (entry != null) {
      entry.body().giveUp();
    }
  }

  /**
   * Takes an entry from the second tier, unless there is a newer one by now.
   *
   * @param loaded the caller's use of its body passes
   * @return the entry to use, with a use of its body for the caller; null when it was invalidated
   *     or dropped while it was read
   */
  private @Nullable StoredEntry admit(CacheKey key, StoredEntry loaded, HeaderFields request) {
    StoredEntry[] used = {null};
    Change change = new Change();
    entries
        .asMap()
        .compute(
            key,
            (same, old) -> {
              StoredEntry held = old == null ? null : old.choose(request);
              StoredEntry best = held == null ? loaded : held;
              boolean there = held != null || second.contains(key, loaded);
              if (!there || !invalidations.hold(key, best) || !best.body().use()) {
                return old;
              }
              used[0] = best;
              if (held != null) {
                return old;
              }
              change.made = true;
              return old == null ? Variants.of(loaded) : old.plus(loaded, other -> false);
            });
    StoredEntry entry = used[0];
    if (entry == null) {
      second.drop(key, loaded);
    }
    // It may be there already: another one who waited for the same read has put it there.
    change.madeOr(loaded);
    return entry;
  }

  @Override
  public String variant(CacheKey key, HeaderFields request) {
    Variants variants = entries.policy().getIfPresentQuietly(key);
    return variants == null ? "" : variants.rule().variant(request);
  }

  @Override
  public boolean contains(CacheKey key) {
    return entries.policy().getIfPresentQuietly(key) != null || second.contains(key);
  }

  @Override
  public long mark() {
    return invalidations.latest();
  }

  @Override
  public boolean isCurrent(CacheKey key, CacheTags tags, long mark) {
    return !invalidations.doubt(mark) && invalidations.hold(key, tags, mark);
  }

  @Override
  public boolean isCurrent(CacheKey key, StoredEntry entry) {
    return invalidations.hold(key, entry);
  }

  @Override
  public boolean put(CacheKey key, StoredEntry entry, HeaderFields request, long mark) {
    Change change = new Change();
    Predicate<StoredResponse> outdated = other -> other.matches(request);
    entry.goodUpTo(mark);
    entries
        .asMap()
        .compute(
            key,
            (same, old) -> {
              if (!invalidations.hold(key, entry)) {
                return old;
              }
              change.made = true;
              // In here, so that both tiers get those for one key in the same order.
              second.put(key, entry, outdated);
              return old == null ? Variants.of(entry) : old.plus(entry, outdated);
            });
    return change.madeOr(entry);
  }

  @Override
  public boolean freshen(CacheKey key, StoredEntry old, StoredEntry fresh, long mark) {
    Change change = new Change();
    Predicate<StoredResponse> outdated = other -> other.isForSameVariant(old.response());
    fresh.goodUpTo(mark);
    entries
        .asMap()
        .compute(
            key,
            (same, variants) -> {
              StoredEntry held = variants == null ? null : variants.same(old);
              // It may have found no place in memory, and be there in the second tier alone.
              boolean there = held != null || second.contains(key, old);
              if (!there || !invalidations.hold(key, fresh)) {
                return variants;
              }
              change.made = true;
              second.put(key, fresh, outdated);
              if (variants == null) {
                return Variants.of(fresh);
              }
              return held == null ? variants.plus(fresh, outdated) : variants.replace(held, fresh);
            });
    return change.madeOr(fresh);
  }

  /** Whether the map took an entry; the function that it calls can say so in no other way. */
  private static final class Change {
    private boolean made;

    boolean madeOr(StoredEntry refused) {
      if (!made) {
        refused.body().giveUp();
      }
      return made;
    }
  }

  @Override
  public void drop(CacheKey key, StoredEntry entry) {
    entries
        .asMap()
        .compute(
            key,
            (same, variants) -> {
              second.drop(key, entry);
              StoredEntry held = variants == null ? null : variants.same(entry);
              return variants == null || held == null ? variants : variants.minus(held);
            });
  }

  @Override
  public void invalidate(String site, Purge what) {
    if (invalidations.add(site, what) && sweeping.compareAndSet(false, true)) {
      sweeper.execute(this::sweep);
    }
  }

  @Override
  public void doubt() {
    invalidations.doubt();
  }

  /** Compares all that is stored with what was invalidated, so that this can be forgotten. */
  private void sweep() {
    try {
      long upTo = invalidations.latest();
      entries.asMap().forEach(this::dropInvalid);
      second.sweep(invalidations, upTo);
      invalidations.forget(upTo);
    } finally {
      sweeping.set(false);
    }
  }

  private void dropInvalid(CacheKey key, Variants variants) {
    for (StoredEntry entry : variants.entries()) {
      if (!invalidations.hold(key, entry)) {
        drop(key, entry);
      }
    }
  }

  @Override
  public void removeAll() {
    invalidations.addAll();
    entries.invalidateAll();
    entries.cleanUp();
    second.removeAll();
  }

  /** Gives all memory back; what the second tier has stays. */
  @PreDestroy
  public void close() {
    second.close();
    invalidations.addAll();
    entries.invalidateAll();
    entries.cleanUp();
  }

  /** The bytes held at the moment, overhead included. */
  public long heldBytes() {
    entries.cleanUp();
    return entries.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  /** Has everything leave memory as for want of room, for tests. */
  void evictAll() {
    entries
        .policy()
        .eviction()
        .ifPresent(
            eviction -> {
              long size = eviction.getMaximum();
              eviction.setMaximum(0);
              eviction.setMaximum(size);
            });
  }

  /** What the second tier has. */
  public TierCounts second() {
    return second.counts();
  }

  /** The number of keys under which something is held at the moment, about. */
  public long heldKeys() {
    return entries.estimatedSize();
  }
}
