package dev.portico.gateway.access.signin;

import dev.portico.gateway.access.PorticoCookies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@code Set-Cookie} lines of a sign-in (RFC 6265). The prefix makes browsers refuse them from
 * other hosts and over clear text, {@code HttpOnly} keeps them from scripts, and {@code Lax} from
 * requests that other sites make, but for following a link.
 */
public final class SignInCookies {
  /**
   * There for a moment after a sign-in: whoever is sent to sign in again with it is in a circle.
   */
  public static final String JUST_NOW = "__Host-portico-new";

  /** Seconds for which a sign-in has been just now. */
  static final long MOMENT = 15;

  private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax";

  private SignInCookies() {}

  /** Opens a session. */
  public static String session(String value, long maxAgeSeconds) {
    return line(PorticoCookies.SESSION, value, maxAgeSeconds);
  }

  /** Keeps an attempt. */
  public static String attempt(SignInAttempt attempt) {
    return line(attempt.cookie(), attempt.value(), SignInAttempt.SECONDS);
  }

  /** Remembers that somebody has signed in just now. */
  public static String justNow() {
    return line(JUST_NOW, "1", MOMENT);
  }

  /** Takes a cookie away. */
  public static String gone(String name) {
    return line(name, "", 0);
  }

  private static String line(String name, String value, long maxAge) {
    return name + '=' + value + "; Max-Age=" + maxAge + ATTRIBUTES;
  }

  /**
   * The attempts that must go so that another one may come: those that cannot be read, and the
   * oldest beyond what a browser may keep.
   *
   * @param cookies Portico's, by name
   */
  public static List<String> superfluous(Map<String, String> cookies) {
    List<String> gone = new ArrayList<>();
    List<SignInAttempt> kept = new ArrayList<>();
    cookies.forEach(
        (name, value) -> {
          if (name.startsWith(SignInAttempt.COOKIE)) {
            SignInAttempt attempt = SignInAttempt.of(value);
            if (attempt != null && attempt.cookie().equals(name)) {
              kept.add(attempt);
            } else {
              gone.add(name);
            }
          }
        });
    kept.sort((one, other) -> Long.compare(other.begun(), one.begun()));
    for (int i = SignInAttempt.MOST - 1; i < kept.size(); i++) {
      gone.add(kept.get(i).cookie());
    }
    return gone;
  }
}
