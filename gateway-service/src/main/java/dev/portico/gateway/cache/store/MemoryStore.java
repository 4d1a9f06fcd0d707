package dev.portico.gateway.cache.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.exchange.HeaderFields;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLongArray;
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
  /** Keys share marks: a collision only means that a response is not stored once. */
  private static final int MARKS = 1024;

  private final Cache<CacheKey, Variants> entries;
  private final AtomicLongArray marks = new AtomicLongArray(MARKS);
  private final long largest;

  /** An empty store. */
  public MemoryStore(ResponseCacheSettings settings) {
    largest = settings.largest();
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
  public @Nullable StoredEntry find(CacheKey key, HeaderFields request) {
    Variants variants = entries.getIfPresent(key);
    return variants == null ? null : variants.choose(request);
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

  private static int slot(CacheKey key) {
    return (int) (key.hash() & (MARKS - 1));
  }

  @Override
  public long mark(CacheKey key) {
    return marks.get(slot(key));
  }

  @Override
  public boolean put(CacheKey key, StoredEntry entry, HeaderFields request, long mark) {
    Change change = new Change();
    entries
        .asMap()
        .compute(
            key,
            (same, old) -> {
              if (mark(key) != mark) {
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
    entries
        .asMap()
        .computeIfPresent(
            key,
            (same, variants) -> {
              Variants next = mark(key) == mark ? variants.replace(old, fresh) : null;
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
  public void remove(CacheKey key) {
    // Before the removal: a put that still sees the old mark has put when the removal comes.
    marks.incrementAndGet(slot(key));
    entries.invalidate(key);
  }

  @PreDestroy
  @Override
  public void removeAll() {
    for (int i = 0; i < MARKS; i++) {
      marks.incrementAndGet(i);
    }
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
