package dev.portico.content.blob;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory for file contents in flight, bounded over the whole process. Nobody may wait for
 * memory while holding some that only he can give back.
 */
final class MemoryPool {
  /** Size of a part of a large file, and of the largest file that is sent in one piece. */
  static final int PART = 8 << 20;

  private static final int UNIT = 1 << 10;

  private final Semaphore units;
  private final Duration longest;
  private final Runnable pressure;
  private final int keep;
  private final Deque<byte[]> parts = new ArrayDeque<>();

  /**
   * Makes a pool.
   *
   * @param bytes how many may be taken at the same time
   * @param longest how long to wait for memory
   * @param pressure called before waiting; makes others give back what they hold back
   */
  MemoryPool(long bytes, Duration longest, Runnable pressure) {
    this.units = new Semaphore(Math.toIntExact(bytes / UNIT), true);
    this.keep = Math.toIntExact(bytes / PART);
    this.longest = longest;
    this.pressure = pressure;
  }

  /**
   * Takes a buffer of at least this size, waiting for memory.
   *
   * @throws BlobStorageException when none came free in time: others hold it, perhaps on behalf of
   *     clients that send slowly
   */
  byte[] take(int size) {
    int wanted = units(size);
    try {
      // The timed form does not overtake those who wait already.
      if (!units.tryAcquire(wanted, 0, TimeUnit.SECONDS)) {
        pressure.run();
        if (!units.tryAcquire(wanted, longest.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new BlobStorageException(
              "No memory for " + size + " bytes came free in " + longest + ".", null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStorageException("Interrupted while waiting for memory.", e);
    }
    return size == PART ? part() : new byte[size];
  }

  /**
   * Reads what follows a byte that has come already: memory is taken when there is something to put
   * into it.
   *
   * @param most how many bytes, the first included
   * @param first the byte, negative at the end of the stream
   * @return how many there are now in the buffer
   */
  static int fill(byte[] buffer, int most, int first, InputStream rest) throws IOException {
    if (first < 0) {
      return 0;
    }
    buffer[0] = (byte) first;
    return 1 + rest.readNBytes(buffer, 1, most - 1);
  }

  /** Gives a buffer back, as it was taken. */
  void give(byte[] buffer) {
    if (buffer.length == PART) {
      synchronized (parts) {
        if (parts.size() < keep) {
          parts.push(buffer);
        }
      }
    }
    units.release(units(buffer.length));
  }

  /** Bytes that can be taken now. */
  long free() {
    return (long) units.availablePermits() * UNIT;
  }

  /** Reused, since arrays of this size are costly for the garbage collector. */
  private byte[] part() {
    synchronized (parts) {
      byte[] kept = parts.poll();
      return kept != null ? kept : new byte[PART];
    }
  }

  private static int units(int size) {
    return Math.max(1, (size + UNIT - 1) / UNIT);
  }
}
