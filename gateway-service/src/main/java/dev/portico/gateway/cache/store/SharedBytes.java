package dev.portico.gateway.cache.store;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a cache holds and readers borrow. Every holder has a use of its own; when the last one
 * gives up, the memory goes back to the pool as soon as nobody has it borrowed. From any thread.
 */
public final class SharedBytes {
  // By an updater: an object of its own for each count would cost as much again.
  private static final AtomicIntegerFieldUpdater<SharedBytes> USES =
      AtomicIntegerFieldUpdater.newUpdater(SharedBytes.class, "uses");

  private final ByteBuf bytes;
  private final int length;

  // Not the buffer's own count: once given up, the pool may lend the same object to others, and a
  // late reader would retain what is theirs.
  private volatile int uses = 1;

  /**
   * Takes bytes over, with one use, the caller's.
   *
   * @param bytes all of them; ownership passes
   */
  public SharedBytes(ByteBuf bytes) {
    this.bytes = bytes;
    this.length = bytes.readableBytes();
  }

  /** How many bytes. */
  public int length() {
    return length;
  }

  /** Another use; false when all uses have ended, so that there is none to be had. */
  public boolean use() {
    int now = uses;
    while (now != 0 && !USES.compareAndSet(this, now, now + 1)) {
      now = uses;
    }
    return now != 0;
  }

  /** Ends one use. */
  public void giveUp() {
    int left = USES.decrementAndGet(this);
    if (left == 0) {
      bytes.release();
    } else if (left < 0) {
      throw new IllegalStateException("given up more often than used");
    }
  }

  /**
   * The bytes with indices and a reference of the caller's own, to be released; null when all uses
   * have just ended.
   */
  public @Nullable ByteBuf borrow() {
    if (!use()) {
      return null;
    }
    try {
      return bytes.retainedDuplicate();
    } finally {
      giveUp();
    }
  }
}
