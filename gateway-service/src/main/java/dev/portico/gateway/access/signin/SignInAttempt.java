package dev.portico.gateway.access.signin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that a browser has begun, as its cookie keeps it. Only the browser has it: it proves
 * that whoever comes back is the one who went (state), holds the secret that redeems the code
 * (PKCE), and the nonce that the session must have been made for.
 *
 * @param begun when, in seconds since 1970
 * @param state 128 random bits
 * @param verifier the secret, 256 random bits (RFC 7636, section 4.1)
 * @param nonce 128 random bits
 * @param returnPath where to go afterwards: a {@link ReturnPath}
 * @param issuer who was asked, and must be who answers (RFC 9207); empty before that is known
 */
public record SignInAttempt(
    long begun, String state, String verifier, String nonce, String returnPath, String issuer) {
  /** What the names of these cookies begin with. */
  public static final String COOKIE = "__Host-portico-in-";

  /** How long a browser keeps it, in seconds. */
  public static final long SECONDS = 600;

  /** How many a browser may keep at a time, for as many windows. */
  public static final int MOST = 4;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
  private static final String AUTHORIZE = "/authorize?";
  private static final int IN_NAME = 8;
  private static final int STATE = 22;
  private static final int VERIFIER = 43;

  /** A new one. */
  public static SignInAttempt begin(String returnPath, long now) {
    return new SignInAttempt(
        now, random(16), random(32), random(16), ReturnPath.of(returnPath), "");
  }

  /**
   * This attempt of a browser that is sent to the sign-in pages.
   *
   * @param location where exactly: below the issuer's address
   */
  public SignInAttempt sentTo(String location) {
    int end = location.indexOf(AUTHORIZE);
    String asked = end < 0 ? "" : location.substring(0, end);
    return new SignInAttempt(begun, state, verifier, nonce, returnPath, asked);
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return TO_TEXT.encodeToString(random);
  }

  /** The name of the cookie. */
  public String cookie() {
    return cookieOf(state);
  }

  /** The name of the cookie of a state that came back, whatever that is. */
  public static String cookieOf(String state) {
    return COOKIE + (state.length() < IN_NAME ? "" : state.substring(0, IN_NAME));
  }

  /** The value of the cookie. */
  public String value() {
    return Long.toString(begun, 36)
        + '.'
        + state
        + '.'
        + verifier
        + '.'
        + nonce
        + '.'
        + TO_TEXT.encodeToString(returnPath.getBytes(StandardCharsets.ISO_8859_1))
        + '.'
        + TO_TEXT.encodeToString(issuer.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads a cookie's value, which anybody may have written; null when it is none. */
  public static @Nullable SignInAttempt of(String value) {
    String[] parts = value.split("\\.", -1);
    if (parts.length != 6
        || parts[1].length() != STATE
        || parts[2].length() != VERIFIER
        || parts[3].length() != STATE) {
      return null;
    }
    try {
      return new SignInAttempt(
          Long.parseLong(parts[0], 36),
          parts[1],
          parts[2],
          parts[3],
          ReturnPath.of(text(parts[4])),
          text(parts[5]));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String text(String base64url) {
    return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.ISO_8859_1);
  }

  /** Whether this is the attempt that a state came back of; takes as long whatever differs. */
  public boolean isOf(String otherState) {
    return same(state, otherState);
  }

  /** Whether a session was made for this attempt. */
  public boolean asked(String otherNonce) {
    return same(nonce, otherNonce);
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** What is announced of the secret (S256; RFC 7636, section 4.2). */
  public String challenge() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return TO_TEXT.encodeToString(sha256.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Without what must not be written down. */
  @Override
  public String toString() {
    return "SignInAttempt[" + cookie() + "]";
  }
}
