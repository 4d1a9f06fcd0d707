package dev.portico.gateway.cache.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-1-3 with a key drawn at start: viewers choose most of a cache key, and without the secret
 * they cannot make keys collide (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input
 * PRF"). The variant with one and three rounds is what Rust and Python use for their tables.
 */
final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long K0 = RANDOM.nextLong();
  private static final long K1 = RANDOM.nextLong();

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private KeyHash(long k0, long k1) {
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
  }

  static long of(byte[] bytes, int length) {
    return of(bytes, length, K0, K1);
  }

  /** With a given key: for the test vectors. */
  static long of(byte[] bytes, int length, long k0, long k1) {
    // Does not escape, so that no object is made of it once compiled.
    KeyHash state = new KeyHash(k0, k1);
    int whole = length & ~7;
    for (int at = 0; at < whole; at += Long.BYTES) {
      state.mix((long) LONGS.get(bytes, at));
    }
    long last = (long) length << 56;
    for (int at = length - 1; at >= whole; at--) {
      last |= (bytes[at] & 0xffL) << ((at & 7) * Byte.SIZE);
    }
    state.mix(last);
    return state.finish();
  }

  private void mix(long word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }

  private long finish() {
    v2 ^= 0xff;
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
