package dev.portico.gateway.cache;

import dev.portico.gateway.cache.store.SharedBytes;
import dev.portico.gateway.exchange.ContentCoding;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One representation of a blob in the cache. The cache owns one reference to the bytes and gives it
 * up when it evicts the entry; readers have their own, so that eviction takes nothing from them.
 */
public final class BlobEntry {
  /** What an entry takes besides its bytes, about: objects, map node, policy node. */
  static final int OVERHEAD = 512;

  private final ContentCoding coding;
  private final SharedBytes bytes;
  private volatile @Nullable Object prepared;
  // Written by many threads without a lock: a hit must not wait for being counted, and may be lost.
  private int uses;

  BlobEntry(ContentCoding coding, ByteBuf bytes) {
    this.coding = coding;
    this.bytes = new SharedBytes(bytes);
  }

  /** The coding of the bytes. */
  public ContentCoding coding() {
    return coding;
  }

  /** How many bytes. */
  public int length() {
    return bytes.length();
  }

  /**
   * Something that the pipeline prepared for this entry and wants to find again, such as an encoded
   * head; null when nothing was kept. Writers race, the last one wins.
   */
  public @Nullable Object prepared() {
    return prepared;
  }

  /** Keeps something with this entry; it must need no release. */
  public void prepared(@Nullable Object value) {
    prepared = value;
  }

  /** The bytes with a reference of the caller's own, or null when the entry was just evicted. */
  @Nullable HeldBlob retain() {
    ByteBuf own = bytes.borrow();
    if (own == null) {
      return null;
    }
    uses++;
    return new HeldBlob(coding, own, this);
  }

  /** How often it was used, about, where uses before the last call count half, and so on. */
  int cool() {
    int before = uses;
    uses = before / 2;
    return before;
  }

  int weight() {
    return (int) Math.min(Integer.MAX_VALUE, (long) bytes.length() + OVERHEAD);
  }

  /** Ends the cache's use; it calls this once, when it evicts the entry. */
  void release() {
    bytes.giveUp();
  }
}
