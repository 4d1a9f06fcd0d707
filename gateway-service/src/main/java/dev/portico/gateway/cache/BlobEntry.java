package dev.portico.gateway.cache;

import dev.portico.gateway.exchange.ContentCoding;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One representation of a blob in the cache. The cache owns one reference to the bytes and gives it
 * up when it evicts the entry; readers have their own, so that eviction takes nothing from them.
 */
public final class BlobEntry {
  /** What an entry takes besides its bytes, about: objects, map node, policy node. */
  static final int OVERHEAD = 512;

  private final ContentCoding coding;
  private final ByteBuf bytes;
  private final int length;

  /** The cache's own use and that of readers who are about to get a reference of their own. */
  private final AtomicInteger uses = new AtomicInteger(1);

  private volatile @Nullable Object prepared;

  BlobEntry(ContentCoding coding, ByteBuf bytes) {
    this.coding = coding;
    this.bytes = bytes;
    this.length = bytes.readableBytes();
  }

  /** The coding of the bytes. */
  public ContentCoding coding() {
    return coding;
  }

  /** How many bytes. */
  public int length() {
    return length;
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
    // Not by the buffer's own count: once given up, the pool may lend the same object to others.
    if (uses.getAndUpdate(now -> now == 0 ? 0 : now + 1) == 0) {
      return null;
    }
    try {
      return new HeldBlob(coding, bytes.retainedDuplicate(), this);
    } finally {
      release();
    }
  }

  int weight() {
    return (int) Math.min(Integer.MAX_VALUE, (long) length + OVERHEAD);
  }

  /** Ends one use; the cache calls it once, when it evicts the entry. */
  void release() {
    if (uses.decrementAndGet() == 0) {
      bytes.release();
    }
  }
}
