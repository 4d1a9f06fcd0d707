package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.key.KeyedUri;
import dev.portico.gateway.cache.semantics.CacheTags;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Answers: has something stored been invalidated since it was asked for? Invalidations are numbered
 * and written down; an entry knows up to which of them it is known to be good, which is all that an
 * entry pays (docs/decisions/0007). It is compared with those that came later when it is next
 * found, and once with each.
 *
 * <p>What is written down is forgotten after all that is stored was compared with it. What was not
 * in the store then must have been asked for later.
 */
final class Invalidations {
  /** From so many records on all that is stored is compared with them, beside the requests. */
  static final int SWEEP_AT = 16_384;

  /**
   * More are not written down: while there are so many, an invalidation empties the whole site, for
   * which there is room.
   */
  static final int MOST = 65_536;

  private final ConcurrentMap<String, SiteInvalidations> sites = new ConcurrentHashMap<>();
  private int records;
  private volatile long forgotten;
  private volatile long doubted;
  private volatile long latest;

  /** The number of the latest invalidation; what is asked for from now on is younger. */
  long latest() {
    return latest;
  }

  /**
   * Writes one down. Whatever was asked for before this returns is affected.
   *
   * @return whether it is time for a sweep
   */
  synchronized boolean add(String site, Purge what) {
    long at = latest + 1;
    SiteInvalidations of = sites.computeIfAbsent(site, missing -> new SiteInvalidations());
    if (records < MOST) {
      of.add(what, at);
      records++;
    } else {
      of.add(new Purge.All(), at);
    }
    // Last: who reads the number must find what it stands for.
    latest = at;
    return records >= SWEEP_AT;
  }

  /** Everything is invalid that was asked for before this returns. */
  synchronized void addAll() {
    long at = latest + 1;
    forgotten = at;
    latest = at;
    forget(at);
  }

  /** What was asked for before this returns may have been invalidated without a record. */
  synchronized void doubt() {
    long at = latest + 1;
    // First: who reads the number must find that there is a doubt.
    doubted = at;
    latest = at;
  }

  /** Whether what was asked for at a number may have been invalidated without a record. */
  boolean doubt(long since) {
    return since < doubted;
  }

  /** All that is stored has been compared with everything up to this number. */
  synchronized void forget(long upTo) {
    // First: who does not find a record any more must find that it is missing.
    forgotten = Math.max(forgotten, upTo);
    sites.values().forEach(site -> site.forget(upTo));
    sites.values().removeIf(site -> site.isEmptyAfter(upTo));
    records = sites.values().stream().mapToInt(SiteInvalidations::size).sum();
  }

  /** How many are written down, at most; those that are there twice count until the next sweep. */
  synchronized int records() {
    return records;
  }

  /** Whether what was asked for at a number, and is not stored yet, still holds. */
  boolean hold(CacheKey key, CacheTags tags, long since) {
    return since >= latest || (!touch(key, tags, since) && since >= forgotten);
  }

  /**
   * Whether what is stored still holds; remembers that it does. What is in doubt does, but is stale
   * from then on.
   */
  boolean hold(CacheKey key, StoredEntry entry) {
    long upTo = latest;
    long since = entry.goodUpTo();
    if (since >= upTo) {
      return true;
    }
    if (touch(key, entry.tags(), since)) {
      return false;
    }
    if (since < forgotten) {
      // The records are gone: by now a sweep has found it good, or has not and it is not.
      return entry.goodUpTo() >= forgotten;
    }
    if (doubt(since)) {
      // First: who finds it good must find it stale.
      entry.unconfirm();
    }
    entry.goodUpTo(upTo);
    return true;
  }

  private boolean touch(CacheKey key, CacheTags tags, long since) {
    if (sites.isEmpty()) {
      return false;
    }
    KeyedUri uri = key.uri();
    SiteInvalidations site = sites.get(uri.site());
    return site != null && site.touch(uri, tags, since);
  }
}
