package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that can be made to fail, and counts; otherwise it does what the real one does. */
final class PassingStore implements ResponseStore {
  /** Whether it says that it must read, and then cannot, as a disk with too many readers. */
  volatile boolean unreadable;

  /** What happens before it says that it could not read. */
  volatile Runnable beforeLoaded = () -> {};

  /** Whether a look-up ends in an exception, as if there were a bug. */
  volatile boolean broken;

  /** How often it was asked whether it has something. */
  final AtomicInteger questions = new AtomicInteger();

  private final ResponseStore store;

  PassingStore(ResponseStore store) {
    this.store = store;
  }

  @Override
  public boolean takes(long length) {
    return store.takes(length);
  }

  @Override
  public int sliceSize() {
    return store.sliceSize();
  }

  @Override
  public @Nullable StoredEntry find(CacheKey key, HeaderFields request) {
    if (broken) {
      throw new IllegalStateException("a bug, made by a test");
    }
    return store.find(key, request);
  }

  @Override
  public boolean load(
      CacheKey key, HeaderFields request, Executor executor, Consumer<@Nullable StoredEntry> then) {
    if (unreadable) {
      executor.execute(
          () -> {
            beforeLoaded.run();
            then.accept(null);
          });
      return true;
    }
    return store.load(key, request, executor, then);
  }

  @Override
  public String variant(CacheKey key, HeaderFields request) {
    return store.variant(key, request);
  }

  @Override
  public boolean contains(CacheKey key) {
    questions.incrementAndGet();
    return store.contains(key);
  }

  @Override
  public long mark() {
    return store.mark();
  }

  @Override
  public boolean isCurrent(CacheKey key, CacheTags tags, long mark) {
    return store.isCurrent(key, tags, mark);
  }

  @Override
  public boolean isCurrent(CacheKey key, StoredEntry entry) {
    return store.isCurrent(key, entry);
  }

  @Override
  public boolean put(CacheKey key, StoredEntry entry, HeaderFields request, long mark) {
    return store.put(key, entry, request, mark);
  }

  @Override
  public boolean freshen(CacheKey key, StoredEntry old, StoredEntry fresh, long mark) {
    return store.freshen(key, old, fresh, mark);
  }

  @Override
  public void drop(CacheKey key, StoredEntry entry) {
    store.drop(key, entry);
  }

  @Override
  public void invalidate(String site, Purge what) {
    store.invalidate(site, what);
  }

  @Override
  public void doubt() {
    store.doubt();
  }

  @Override
  public void removeAll() {
    store.removeAll();
  }
}
