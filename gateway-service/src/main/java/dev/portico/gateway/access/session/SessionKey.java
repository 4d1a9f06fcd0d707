package dev.portico.gateway.access.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a session is remembered under: the site, and the SHA-256 of the opaque value, so that memory
 * and whatever may read it hold nothing that could be shown again.
 *
 * @param site its name; a session of one site is none at another
 */
record SessionKey(String site, long first, long second, long third, long fourth) {
  /** Characters of base64url in a value of 256 bits. */
  private static final int LENGTH = 43;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int HASH = 32;
  private static final ThreadLocal<Hashing> HASHING = ThreadLocal.withInitial(Hashing::new);

  /** Whether a text can be a session's value; nobody is asked about any other. */
  static boolean possible(String value) {
    if (value.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = value.charAt(i);
      boolean base64url =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!base64url) {
        return false;
      }
    }
    return true;
  }

  /** The key of a value that is {@link #possible}. */
  static SessionKey of(String site, String value) {
    byte[] hash = HASHING.get().of(value);
    return new SessionKey(
        site,
        (long) LONGS.get(hash, 0),
        (long) LONGS.get(hash, 8),
        (long) LONGS.get(hash, 16),
        (long) LONGS.get(hash, 24));
  }

  @Override
  public int hashCode() {
    return Long.hashCode(first);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SessionKey key
        && first == key.first
        && second == key.second
        && third == key.third
        && fourth == key.fourth
        && site.equals(key.site);
  }

  /** What one thread hashes with; its arrays are used again and again. */
  private static final class Hashing {
    private final MessageDigest sha256;
    private final byte[] hash = new byte[HASH];

    Hashing() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    byte[] of(String value) {
      sha256.update(value.getBytes(StandardCharsets.ISO_8859_1));
      try {
        sha256.digest(hash, 0, HASH);
      } catch (DigestException e) {
        throw new IllegalStateException("32 bytes are enough", e);
      }
      return hash;
    }
  }
}
