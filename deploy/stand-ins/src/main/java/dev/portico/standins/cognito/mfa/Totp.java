package dev.portico.standins.cognito.mfa;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based one-time passwords: HMAC-SHA-1, six digits, steps of 30 seconds, as every
 * authenticator app has them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6238">RFC 6238</a>
 */
public final class Totp {
  private static final long STEP_SECONDS = 30;
  private static final int MODULUS = 1_000_000;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Totp() {}

  /**
   * The step in which the code is right: the present one, the one before (RFC 6238 section 5.2, for
   * the time that typing takes) or the one after (for clocks that are fast); nothing if it is
   * wrong.
   *
   * @param secret base32
   * @param seconds the time since the epoch
   */
  public static OptionalLong match(String secret, String entered, long seconds) {
    long present = seconds / STEP_SECONDS;
    for (long step = present - 1; step <= present + 1; step++) {
      if (MessageDigest.isEqual(
          code(secret, step).getBytes(StandardCharsets.US_ASCII),
          entered.getBytes(StandardCharsets.UTF_8))) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * The code at a time.
   *
   * @param secret base32
   * @param seconds since the epoch
   */
  public static String at(String secret, long seconds) {
    return code(secret, seconds / STEP_SECONDS);
  }

  /** RFC 4226 section 5.3, with the step as the counter. */
  private static String code(String secret, long step) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(decode(secret), "HmacSHA1"));
      var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff;
      return String.format(Locale.ROOT, "%06d", number % MODULUS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has HmacSHA1", e);
    }
  }

  /** Bytes as base32 without padding (RFC 4648 section 6). */
  public static String encode(byte[] bytes) {
    var text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte next : bytes) {
      held = (held << 8) | (next & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32.charAt((held >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(BASE32.charAt((held << (5 - bits)) & 31));
    }
    return text.toString();
  }

  private static byte[] decode(String base32) {
    var bytes = ByteBuffer.allocate(base32.length() * 5 / 8);
    int held = 0;
    int bits = 0;
    for (int i = 0; i < base32.length(); i++) {
      held = (held << 5) | BASE32.indexOf(base32.charAt(i));
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.put((byte) (held >> bits));
      }
    }
    return bytes.array();
  }
}
