package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.store.SharedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of a flight: bytes that were appended once and are read by many, each from where it is.
 * While it is kept, all of it is there, in blocks that never move: readers on other threads hold
 * slices. When it is not, what everybody has read is dropped. Lives on one event loop.
 */
final class FlightBody {
  private static final Logger LOG = LoggerFactory.getLogger(FlightBody.class);
  private static final int FIRST_BLOCK = 16 * 1024;
  private static final int LARGEST_BLOCK = 512 * 1024;

  private final ByteBufAllocator allocator;
  private final AtomicLong loading;
  private final List<ByteBuf> blocks = new ArrayList<>(2);
  private @Nullable SharedBytes sealed;
  private boolean kept;
  private long reserved;
  private long start;
  private long end;

  /**
   * An empty body.
   *
   * @param loading counts the memory of kept bodies that are not complete yet
   * @param kept whether all of it is to be there in the end
   * @param length in bytes, -1 when it is not known
   */
  FlightBody(ByteBufAllocator allocator, AtomicLong loading, boolean kept, long length) {
    this.allocator = allocator;
    this.loading = loading;
    this.kept = kept;
    if (kept && length > 0 && block((int) length) == null) {
      pass();
    }
  }

  /** How many bytes have been appended. */
  long end() {
    return end;
  }

  boolean kept() {
    return kept;
  }

  /** Whether the first byte is still there. */
  boolean whole() {
    return start == 0;
  }

  /** Takes over some more bytes. When there is no memory for all of it, it is kept no longer. */
  void append(ByteBuf bytes) {
    end += bytes.readableBytes();
    if (!kept) {
      blocks.add(bytes);
      return;
    }
    try {
      while (bytes.isReadable()) {
        ByteBuf target = blocks.isEmpty() ? block(FIRST_BLOCK) : blocks.getLast();
        if (target != null && !target.isWritable()) {
          target = block(Math.clamp(end, FIRST_BLOCK, LARGEST_BLOCK));
        }
        if (target == null) {
          pass();
          blocks.add(bytes.readRetainedSlice(bytes.readableBytes()));
          return;
        }
        target.writeBytes(bytes, Math.min(bytes.readableBytes(), target.writableBytes()));
      }
    } finally {
      bytes.release();
    }
  }

  /** A new block behind the others; null when there is no memory. */
  private @Nullable ByteBuf block(int size) {
    ByteBuf block = memory(size);
    if (block == null) {
      return null;
    }
    loading.addAndGet(size);
    reserved += size;
    blocks.add(block);
    return block;
  }

  private @Nullable ByteBuf memory(int size) {
    try {
      return allocator.directBuffer(size, size);
    } catch (OutOfMemoryError e) {
      // Netty's too, when direct memory is used up. Who waits can have the answer all the same.
      LOG.warn("An answer of {} bytes so far is not stored: {}", end, e.toString());
      return null;
    }
  }

  /**
   * Some bytes from a position on, with a reference of the caller's own.
   *
   * @param position not before what was dropped, and before the end
   * @param most as many at most; there may be fewer
   */
  ByteBuf read(long position, long most) {
    long first = start;
    for (ByteBuf block : blocks) {
      int length = block.writerIndex() - block.readerIndex();
      if (position < first + length) {
        int offset = (int) (position - first);
        return block.retainedSlice(
            block.readerIndex() + offset, (int) Math.min(most, length - offset));
      }
      first += length;
    }
    throw new IllegalStateException("position " + position + " of " + start + " to " + end);
  }

  /** From here on what has been read by all is dropped. */
  void pass() {
    kept = false;
    loading.addAndGet(-reserved);
    reserved = 0;
  }

  /** Drops blocks that end before a position, unless all of it is kept. */
  void dropBefore(long position) {
    while (!kept && !blocks.isEmpty()) {
      int length = blocks.getFirst().readableBytes();
      if (start + length > position) {
        return;
      }
      start += length;
      blocks.removeFirst().release();
    }
  }

  /**
   * It is complete: as one buffer, with a use that belongs to the caller. Reading goes on from the
   * same bytes.
   *
   * @return null when there is no memory for one buffer: it is kept no longer
   */
  @Nullable SharedBytes seal() {
    ByteBuf one =
        blocks.size() == 1 && !blocks.getFirst().isWritable() ? blocks.getFirst() : copy();
    if (one == null) {
      pass();
      return null;
    }
    loading.addAndGet(-reserved);
    reserved = 0;
    SharedBytes bytes = new SharedBytes(one);
    sealed = bytes;
    if (!bytes.use()) {
      throw new IllegalStateException("a use was just made");
    }
    return bytes;
  }

  private @Nullable ByteBuf copy() {
    if (end == 0) {
      blocks.forEach(ByteBuf::release);
      blocks.clear();
      return Unpooled.EMPTY_BUFFER;
    }
    ByteBuf copy = memory((int) end);
    if (copy == null) {
      return null;
    }
    for (ByteBuf block : blocks) {
      copy.writeBytes(block, block.readerIndex(), block.readableBytes());
      block.release();
    }
    blocks.clear();
    blocks.add(copy);
    return copy;
  }

  /** Gives up all memory; once. */
  void release() {
    loading.addAndGet(-reserved);
    reserved = 0;
    SharedBytes bytes = sealed;
    if (bytes != null) {
      bytes.giveUp();
    } else {
      blocks.forEach(ByteBuf::release);
    }
    blocks.clear();
  }
}
