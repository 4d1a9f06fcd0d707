package dev.portico.auth.seal;

import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals by AES-256-GCM: what is sealed can neither be read nor changed without a key, nor be put in
 * another place, since the place is authenticated with it. In text it is {@code
 * keyId.base64url(nonce, ciphertext, tag)}.
 *
 * @see <a href="https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf">NIST
 *     SP 800-38D, section 8.3: at most 2^32 seals by one key with random nonces</a>
 */
@Singleton
public final class Seal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
  private final String first;

  Seal(SealSettings settings) {
    settings.byId().forEach((id, bytes) -> keys.put(id, new SecretKeySpec(bytes, "AES")));
    first = keys.keySet().iterator().next();
  }

  /**
   * Seals a text.
   *
   * @param place where it belongs, such as the key of the item that holds it
   */
  public String close(String text, String place) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] closed =
          cipher(Cipher.ENCRYPT_MODE, keyOf(first).orElseThrow(), nonce, place)
              .doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(NONCE_BYTES + closed.length).put(nonce).put(closed).array();
      return first + '.' + TEXT.encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is not there", e);
    }
  }

  /** What was sealed for this place; empty if it was not, or by a key that is not there. */
  public Optional<String> open(String closed, String place) {
    int dot = closed.indexOf('.');
    return dot < 0
        ? Optional.empty()
        : keyOf(closed.substring(0, dot))
            .flatMap(key -> open(key, closed.substring(dot + 1), place));
  }

  private static Optional<String> open(SecretKeySpec key, String text, String place) {
    try {
      var all = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (all.remaining() < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
        return Optional.empty();
      }
      byte[] nonce = new byte[NONCE_BYTES];
      all.get(nonce);
      byte[] rest = new byte[all.remaining()];
      all.get(rest);
      byte[] opened = cipher(Cipher.DECRYPT_MODE, key, nonce, place).doFinal(rest);
      return Optional.of(new String(opened, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<SecretKeySpec> keyOf(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
