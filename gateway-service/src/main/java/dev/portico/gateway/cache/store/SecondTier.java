package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps copies of what the tier in memory holds, and what had to leave it. From any thread; no
 * method waits for a disk or the like. What it is given it may lose.
 */
interface SecondTier extends AutoCloseable {
  /** Keeps nothing. */
  SecondTier NONE = new None();

  /**
   * Copies a response, in the place of what it has for the same variant.
   *
   * @param entry the caller has a use of its body, of which nothing is taken
   * @param outdated which others of what it has under the key go as well, copied or not
   */
  void put(CacheKey key, StoredEntry entry, Predicate<StoredResponse> outdated);

  /** A response leaves memory for want of room; the same terms. */
  void evicted(CacheKey key, StoredEntry entry);

  /** Removes what it has for the variant of a response. */
  void drop(CacheKey key, StoredEntry entry);

  /** Whether it has anything under a key. */
  boolean contains(CacheKey key);

  /** Whether it still has this very response, as it was loaded. */
  boolean contains(CacheKey key, StoredEntry loaded);

  /**
   * Brings the response that fits a request. One effort serves all who want the same.
   *
   * @param key need not last
   * @param then gets the key, lasting, and the response with a use of its body; null when it could
   *     not be brought. Called on any thread, possibly at once
   * @return false when there is none, and {@code then} is not called
   */
  boolean load(
      CacheKey key, HeaderFields request, BiConsumer<CacheKey, @Nullable StoredEntry> then);

  /** Compares all that it has with what was invalidated up to a number. */
  void sweep(Invalidations invalidations, long upTo);

  /** Removes everything. */
  void removeAll();

  /** What it has and how it fares. */
  TierCounts counts();

  /** Ends it; what it has stays. */
  @Override
  void close();

  /** The tier of a gateway that has none. */
  final class None implements SecondTier {
    private None() {}

    @Override
    public void put(CacheKey key, StoredEntry entry, Predicate<StoredResponse> outdated) {}

    @Override
    public void evicted(CacheKey key, StoredEntry entry) {}

    @Override
    public void drop(CacheKey key, StoredEntry entry) {}

    @Override
    public boolean contains(CacheKey key) {
      return false;
    }

    @Override
    public boolean contains(CacheKey key, StoredEntry loaded) {
      return false;
    }

    @Override
    public boolean load(
        CacheKey key, HeaderFields request, BiConsumer<CacheKey, @Nullable StoredEntry> then) {
      return false;
    }

    @Override
    public void sweep(Invalidations invalidations, long upTo) {}

    @Override
    public void removeAll() {}

    @Override
    public TierCounts counts() {
      return TierCounts.NONE;
    }

    @Override
    public void close() {}
  }
}
