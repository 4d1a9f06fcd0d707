package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is kept: complete, or in slices. All but its body is immutable, except that it
 * can become stale before its time; what decides on its reuse and the head that viewers get are
 * worked out once, so that a hit compares numbers and copies bytes.
 */
public final class StoredEntry {
  /**
   * What an entry takes besides its bytes, about: objects, the key, the map's nodes, what is
   * prepared for the next hit. Measured by {@code EntryMemoryTest}.
   */
  private static final int OVERHEAD = 768;

  /** What a text takes besides its characters. */
  private static final int TEXT = 56;

  // Immutable itself, and replaced before goodUpTo is written, by which others come to see it.
  private StoredResponse response;
  private final FieldList others;
  private final int shown;
  private final CacheTags tags;
  private final ResponseHead head;
  private final SharedBytes body;
  private final int sliceSize;
  private volatile @Nullable Object prepared;
  private volatile long goodUpTo;

  /**
   * An entry.
   *
   * @param storing what is stored
   * @param head what viewers get of it, without Age and Cache-Status
   * @param body all of the body; the entry has one use of it, which the store ends
   */
  public StoredEntry(Storing.Store storing, ResponseHead head, SharedBytes body) {
    this(storing, head, body, body.length(), 0);
  }

  private StoredEntry(
      Storing.Store storing, ResponseHead head, SharedBytes body, long size, int sliceSize) {
    this.response = storing.response().withSize(size);
    StoredFields fields = StoredFields.of(storing.fields(), head);
    this.others = fields.others();
    this.shown = fields.shown();
    this.tags = storing.tags();
    this.head = head.compact();
    this.body = body;
    this.sliceSize = sliceSize;
  }

  /**
   * A response of which the body is kept elsewhere, slice by slice and as far as it was asked for.
   * Its own body is empty.
   *
   * @param storing what is stored, its size known
   * @param head what viewers get of it, without Age and Cache-Status
   * @param sliceSize bytes of a slice
   */
  public static StoredEntry sliced(Storing.Store storing, ResponseHead head, int sliceSize) {
    SharedBytes none = new SharedBytes(Unpooled.EMPTY_BUFFER);
    return new StoredEntry(storing, head, none, storing.response().size(), sliceSize);
  }

  /**
   * An entry as it was.
   *
   * @param storing what is stored, its size known
   * @param body all of its own body; the entry has one use of it
   * @param sliceSize bytes of a slice; 0 when it has none
   */
  static StoredEntry again(
      Storing.Store storing, ResponseHead head, SharedBytes body, int sliceSize) {
    return new StoredEntry(storing, head, body, storing.response().size(), sliceSize);
  }

  /**
   * The same body, brought up to date.
   *
   * @param storing what is stored now
   * @param newHead what viewers get now; the caller has a use of the body, which passes
   */
  public StoredEntry renewed(Storing.Store storing, ResponseHead newHead) {
    return new StoredEntry(storing, newHead, body, response.size(), sliceSize);
  }

  /** How many bytes its slices have; 0 when it has none and is complete. */
  public int sliceSize() {
    return sliceSize;
  }

  /** From now on the origin must confirm it before it is used, for want of knowing better. */
  void unconfirm() {
    response = response.unconfirmed(response.generatedAt());
  }

  /** Tells the slices of this version of this variant from others'. */
  public String sliceVersion() {
    return response.etag() + '\0' + response.variant();
  }

  /** What decides on its reuse. */
  public StoredResponse response() {
    return response;
  }

  /** The fields as they are kept; put together anew at each call. */
  public FieldList fields() {
    return new StoredFields(others, shown).all(head);
  }

  /** What it can be invalidated by. */
  public CacheTags tags() {
    return tags;
  }

  /** What viewers get, without Age and Cache-Status; encoded once. */
  public ResponseHead head() {
    return head;
  }

  /** The body; a use of it belongs to the store. */
  public SharedBytes body() {
    return body;
  }

  /** The body to be read and released, or null when the entry was just evicted. */
  public @Nullable ByteBuf borrow() {
    return body.borrow();
  }

  /**
   * Something made for this entry by whoever answers with it, to be found again; null for nothing.
   * Writers race, the last one wins.
   */
  public @Nullable Object prepared() {
    return prepared;
  }

  /** Keeps something with this entry; it must need no release. */
  public void prepared(@Nullable Object value) {
    prepared = value;
  }

  /** The number of the last invalidation that it is known not to be touched by. */
  long goodUpTo() {
    return goodUpTo;
  }

  /** It was asked for after this invalidation, or has been compared with it. */
  void goodUpTo(long invalidation) {
    goodUpTo = invalidation;
  }

  int weight() {
    long[] bytes = {(long) body.length() + head.encoded().length + OVERHEAD};
    others.forEach((name, value) -> bytes[0] += name.length() + value.length() + 2 * TEXT);
    for (String tag : tags.tags()) {
      bytes[0] += tag.length() + TEXT;
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes[0]);
  }
}
