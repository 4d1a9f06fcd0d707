package dev.portico.gateway.access;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of what somebody shows to prove who it is: what is remembered of that is remembered
 * under this, so that memory, and whatever may read it, holds nothing that could be shown again.
 *
 * @param first bytes 0 to 7
 * @param second bytes 8 to 15
 * @param third bytes 16 to 23
 * @param fourth bytes 24 to 31
 */
public record SecretHash(long first, long second, long third, long fourth) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int LENGTH = 32;
  private static final ThreadLocal<Hashing> HASHING = ThreadLocal.withInitial(Hashing::new);

  /** The hash of a text of characters up to U+00FF, as header fields are. */
  public static SecretHash of(String secret) {
    return of(secret.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The hash of bytes, one array after the other. */
  public static SecretHash of(byte[]... secret) {
    byte[] hash = HASHING.get().of(secret);
    return new SecretHash(
        (long) LONGS.get(hash, 0),
        (long) LONGS.get(hash, 8),
        (long) LONGS.get(hash, 16),
        (long) LONGS.get(hash, 24));
  }

  /** Any part of a good hash is a good hash. */
  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretHash hash
        && first == hash.first
        && second == hash.second
        && third == hash.third
        && fourth == hash.fourth;
  }

  /** What one thread hashes with; its array is used again and again. */
  private static final class Hashing {
    private final MessageDigest sha256;
    private final byte[] hash = new byte[LENGTH];

    Hashing() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    byte[] of(byte[]... secret) {
      for (byte[] piece : secret) {
        sha256.update(piece);
      }
      try {
        sha256.digest(hash, 0, LENGTH);
      } catch (DigestException e) {
        throw new IllegalStateException("32 bytes are enough", e);
      }
      return hash;
    }
  }
}
