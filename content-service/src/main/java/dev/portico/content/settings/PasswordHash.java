package dev.portico.content.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes of shared passwords: argon2id (RFC 9106) in PHC string format, {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, with OWASP's parameters. Gateways read it.
 */
final class PasswordHash {
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final String PREFIX = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$";

  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordHash() {}

  /** A hash with a salt of its own. */
  static String of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return text(salt, hash(password, salt));
  }

  /** Whether a hash that {@link #of} made is of this password. */
  static boolean matches(String hash, String password) {
    if (!hash.startsWith(PREFIX)) {
      return false;
    }
    int end = hash.indexOf('$', PREFIX.length());
    byte[] salt = Base64.getDecoder().decode(hash.substring(PREFIX.length(), end));
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        text(salt, hash(password, salt)).getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return PREFIX + base64.encodeToString(salt) + '$' + base64.encodeToString(hash);
  }

  /** However a keyboard composes its letters: in Normalization Form C (RFC 8265, section 4.2). */
  private static byte[] hash(String password, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[HASH_BYTES];
    String composed = Normalizer.normalize(password, Normalizer.Form.NFC);
    generator.generateBytes(composed.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
