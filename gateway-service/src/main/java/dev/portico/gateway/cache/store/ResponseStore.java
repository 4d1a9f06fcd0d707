package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps complete responses under keys. Decides nothing about HTTP: what is stored, for how long it
 * is good and whom it may answer is said by {@code cache.semantics}. From any thread, waiting for
 * nothing. Which tier has something shows only in how it is got: found, or loaded.
 */
public interface ResponseStore {
  /** Whether the store has a place for a body of this many bytes. */
  boolean takes(long length);

  /**
   * How many bytes the slices have in which larger bodies are kept: each stored for itself, under a
   * key of its own. 0 when larger bodies are not kept at all.
   */
  int sliceSize();

  /**
   * The stored response that fits a request (RFC 9111, section 4.1), fresh or not; null when there
   * is none.
   *
   * @param key need not last
   */
  @Nullable StoredEntry find(CacheKey key, HeaderFields request);

  /**
   * Brings a stored response that fits a request from where {@link #find} does not look, since that
   * takes a while. One effort serves all who wait for the same.
   *
   * @param key need not last
   * @param executor where {@code then} runs, never before this returns
   * @param then gets what {@code find} would have returned, which has a use of its body until
   *     {@code then} returns, and need not be found by others; null when it could not be brought
   * @return false when there is none, and {@code then} does not run
   */
  boolean load(
      CacheKey key, HeaderFields request, Executor executor, Consumer<@Nullable StoredEntry> then);

  /**
   * What a request says where the responses stored under a key differ: requests with equal answers
   * get equal responses, as far as is known. Empty when nothing is known.
   */
  String variant(CacheKey key, HeaderFields request);

  /** Whether anything is stored under a key, whomever it may answer. */
  boolean contains(CacheKey key);

  /**
   * To be taken before the origin is asked, and given to {@link #put}: an answer that was under way
   * during an invalidation may be older than the reason for that, and is not stored.
   */
  long mark();

  /**
   * Whether nothing that was invalidated since a mark touches an answer, and there was no {@link
   * #doubt} since.
   *
   * @param key under which it would be stored
   * @param tags what it can be invalidated by; {@link CacheTags#NONE} while that is not known
   */
  boolean isCurrent(CacheKey key, CacheTags tags, long mark);

  /** Whether nothing that was invalidated touches what was once found or loaded. */
  boolean isCurrent(CacheKey key, StoredEntry entry);

  /**
   * Stores a response in the place of what would have answered its request.
   *
   * @param key lasting
   * @param entry its use of its body passes, also when it is not stored
   * @param request the fields of the request that it answers
   * @param mark from before the origin was asked
   * @return false when it has been invalidated since
   */
  boolean put(CacheKey key, StoredEntry entry, HeaderFields request, long mark);

  /**
   * Replaces a response by one with the same body that was brought up to date.
   *
   * @param fresh its use of its body passes, also when it is not stored
   * @return false when {@code old} is stored no more, or has been invalidated since the mark
   */
  boolean freshen(CacheKey key, StoredEntry old, StoredEntry fresh, long mark);

  /** Removes one response. */
  void drop(CacheKey key, StoredEntry entry);

  /**
   * From when this returns on nothing answers any more that was asked for before and is among what
   * is to go, be it stored or on its way. Takes as long whatever is stored; its memory is given
   * back when it is next asked for, or pushed out.
   *
   * @param site the site's name
   */
  void invalidate(String site, Purge what);

  /**
   * From when this returns on nothing answers any more that was asked for before unless its origin
   * confirms it, or fails where the response may be used stale for that: some invalidation may have
   * been missed. What is on its way is joined by nobody who asks from now on.
   */
  void doubt();

  /** Removes everything, and lets nothing in that is on its way. */
  void removeAll();
}
