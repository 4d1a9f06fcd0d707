package dev.portico.gateway.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.exchange.HeaderFields;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The tier in memory: within a number of bytes, and what to keep is decided by W-TinyLFU, so that a
 * crawl through all pages does not push out what is asked for often.
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
  private final long largest;
  private final int sliceSize;

  /** An empty store. */
  @Inject
  public MemoryStore(ResponseCacheSettings settings) {
    this(settings, task -> Thread.ofVirtual().name("response-cache-sweep").start(task));
  }

  /**
   * An empty store.
   *
   * @param sweeper where all that is stored is gone through now and then
   */
  MemoryStore(ResponseCacheSettings settings, Executor sweeper) {
    this.sweeper = sweeper;
    largest = settings.largest();
    sliceSize = settings.slice();
    entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.size())
            .weigher((CacheKey key, Variants variants) -> variants.weight())
            .executor(Runnable::run)
            .removalListener(MemoryStore::removed)
            .build();
  }

  private static void removed(
      @Nullable CacheKey key, @Nullable Variants variants, RemovalCause cause) {
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
  public String variant(CacheKey key, HeaderFields request) {
    Variants variants = entries.policy().getIfPresentQuietly(key);
    return variants == null ? "" : variants.rule().variant(request);
  }

  @Override
  public boolean contains(CacheKey key) {
    return entries.policy().getIfPresentQuietly(key) != null;
  }

  @Override
  public long mark() {
    return invalidations.latest();
  }

  @Override
  public boolean isCurrent(CacheKey key, CacheTags tags, long mark) {
    return invalidations.hold(key, tags, mark);
  }

  @Override
  public boolean put(CacheKey key, StoredEntry entry, HeaderFields request, long mark) {
    Change change = new Change();
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
              return old == null ? Variants.of(entry) : old.plus(entry, request);
            });
    return change.madeOr(entry);
  }

  @Override
  public boolean freshen(CacheKey key, StoredEntry old, StoredEntry fresh, long mark) {
    Change change = new Change();
    fresh.goodUpTo(mark);
    entries
        .asMap()
        .computeIfPresent(
            key,
            (same, variants) -> {
              Variants next = invalidations.hold(key, fresh) ? variants.replace(old, fresh) : null;
              change.made = next != null;
              return next == null ? variants : next;
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
        .computeIfPresent(
            key, (same, variants) -> variants.contains(entry) ? variants.minus(entry) : variants);
  }

  @Override
  public void invalidate(String site, Purge what) {
    if (invalidations.add(site, what) && sweeping.compareAndSet(false, true)) {
      sweeper.execute(this::sweep);
    }
  }

  /** Compares all that is stored with what was invalidated, so that this can be forgotten. */
  private void sweep() {
    try {
      long upTo = invalidations.latest();
      entries.asMap().forEach(this::dropInvalid);
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

  @PreDestroy
  @Override
  public void removeAll() {
    invalidations.addAll();
    entries.invalidateAll();
    entries.cleanUp();
  }

  /** The bytes held at the moment, overhead included. */
  public long heldBytes() {
    entries.cleanUp();
    return entries.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  /** The number of keys under which something is held at the moment, about. */
  public long heldKeys() {
    return entries.estimatedSize();
  }
}
