package dev.portico.gateway.access.password;

import dev.portico.gateway.exchange.HeaderFields;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a browser keeps of having entered a password: until when, and a MAC of that which is keyed
 * by the password's hash. So another password ends it, on every gateway, and no gateway has to
 * remember it.
 */
public final class PasswordPass {
  private static final String NAME = "__Host-portico-pass-";
  private static final String ALGORITHM = "HmacSHA256";

  private PasswordPass() {}

  /**
   * The cookie that is set.
   *
   * @param policy the access policy's id
   * @param hash of its password, as the site's settings have it
   */
  public static String cookie(
      String site, String policy, String hash, Instant now, long rememberSeconds) {
    long until = now.getEpochSecond() + rememberSeconds;
    return NAME
        + policy
        + '='
        + until
        + '.'
        + mac(site, policy, hash, until)
        + "; Path=/; Max-Age="
        + rememberSeconds
        + "; Secure; HttpOnly; SameSite=Lax";
  }

  /** Whether a request has a pass that holds. */
  public static boolean holds(
      HeaderFields request, String site, String policy, String hash, Instant now) {
    String value = value(request, NAME + policy + '=');
    int dot = value == null ? -1 : value.indexOf('.');
    if (value == null || dot < 1 || dot > 12 || !value.substring(0, dot).matches("[0-9]+")) {
      return false;
    }
    long until = Long.parseLong(value.substring(0, dot));
    byte[] given = value.substring(dot + 1).getBytes(StandardCharsets.ISO_8859_1);
    byte[] right = mac(site, policy, hash, until).getBytes(StandardCharsets.ISO_8859_1);
    return MessageDigest.isEqual(right, given) && now.getEpochSecond() < until;
  }

  private static @Nullable String value(HeaderFields request, String start) {
    for (String line : request.all("cookie")) {
      for (String piece : line.split(";", -1)) {
        String cookie = piece.strip();
        if (cookie.startsWith(start)) {
          return cookie.substring(start.length());
        }
      }
    }
    return null;
  }

  private static String mac(String site, String policy, String hash, long until) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(hash.getBytes(StandardCharsets.US_ASCII), ALGORITHM));
      String said = "portico-pass " + site + ' ' + policy + ' ' + until;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(said.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
