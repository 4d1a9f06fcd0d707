package dev.portico.gateway.site;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A hash of path bytes under a key made at start, so that nobody can publish paths that collide on
 * purpose and make every look-up slow.
 */
final class PathHash {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long SEED;
  private static final long MULTIPLIER;

  static {
    SecureRandom random = new SecureRandom();
    SEED = random.nextLong();
    MULTIPLIER = random.nextLong() | 1;
  }

  private PathHash() {}

  static int of(byte[] bytes, int from, int length) {
    long hash = SEED ^ length;
    int end = from + length;
    int at = from;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = mix(hash ^ (long) WORDS.get(bytes, at));
    }
    long tail = 0;
    for (; at < end; at++) {
      tail = tail << Byte.SIZE | (bytes[at] & 0xff);
    }
    hash = mix(mix(hash ^ tail) ^ SEED);
    return (int) (hash ^ (hash >>> Integer.SIZE));
  }

  private static long mix(long word) {
    return (word * MULTIPLIER) ^ Math.unsignedMultiplyHigh(word, MULTIPLIER);
  }
}
