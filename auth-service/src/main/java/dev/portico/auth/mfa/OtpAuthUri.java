package dev.portico.auth.mfa;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The URI that authenticator apps read.
 *
 * @see <a href="https://github.com/google/google-authenticator/wiki/Key-Uri-Format">Key URI
 *     format</a>
 */
final class OtpAuthUri {
  private OtpAuthUri() {}

  /**
   * The URI of a secret as Cognito makes them: SHA-1, six digits, 30 seconds, which are the
   * defaults of the format and left out, for some apps stumble over them.
   *
   * @param secret base32
   */
  static String of(String issuer, String account, String secret) {
    return "otpauth://totp/"
        + encode(issuer)
        + ':'
        + encode(account)
        + "?secret="
        + secret
        + "&issuer="
        + encode(issuer);
  }

  /** As RFC 3986 section 2.1 has it: apps show a plus for what it is. */
  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
