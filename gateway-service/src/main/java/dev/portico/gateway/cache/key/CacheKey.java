package dev.portico.gateway.cache.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What responses are stored under. Two requests have equal keys exactly when everything selected
 * for the key is equal in them: each part is written with its length. The bytes are the same in
 * every process, for a store that outlives one; the hash is not, since it is keyed with a secret of
 * the process ({@link KeyHash}), so that nobody can choose keys that collide.
 *
 * <p>The key that a {@link KeyWriter} returns is only good until it writes the next one: for a
 * look-up without allocation. {@link #kept} makes one to hold.
 */
public final class CacheKey {
  private byte[] bytes;
  private int length;
  private long hash;

  CacheKey() {
    this.bytes = new byte[0];
  }

  private CacheKey(byte[] bytes) {
    set(bytes, bytes.length);
  }

  /** A key from its {@link #toBytes bytes}, as a store has kept them. */
  public static CacheKey of(byte[] bytes) {
    return new CacheKey(bytes.clone());
  }

  void set(byte[] newBytes, int newLength) {
    this.bytes = newBytes;
    this.length = newLength;
    this.hash = KeyHash.of(newBytes, newLength);
  }

  /** A key of its own that never changes. */
  public CacheKey kept() {
    return new CacheKey(toBytes());
  }

  /**
   * The key of some bytes of what is stored under this one.
   *
   * @param version tells versions and variants of it apart
   * @param first offset of the first byte
   * @param size how many bytes slices have
   * @return a key of its own that never changes; no {@link KeyWriter} writes it, since what those
   *     write is never the beginning of another
   */
  public CacheKey slice(String version, long first, int size) {
    byte[] text = version.getBytes(StandardCharsets.UTF_8);
    ByteBuffer slice = ByteBuffer.allocate(length + Long.BYTES + Integer.BYTES + text.length);
    slice.put(bytes, 0, length).putLong(first).putInt(size).put(text);
    return new CacheKey(slice.array());
  }

  /** The key's bytes, a copy. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** How many bytes the key has. */
  public int length() {
    return length;
  }

  /** The part of it that says which resource it is about; read anew at each call. */
  public KeyedUri uri() {
    return KeyedUri.of(bytes, length);
  }

  /** All 64 bits of the hash, good only in this process. */
  public long hash() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheKey key
        && hash == key.hash
        && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
  }

  @Override
  public int hashCode() {
    return (int) (hash ^ (hash >>> 32));
  }

  @Override
  public String toString() {
    return "CacheKey[" + Long.toHexString(hash) + ", " + length + " bytes]";
  }
}
