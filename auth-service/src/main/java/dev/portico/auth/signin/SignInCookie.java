package dev.portico.auth.signin;

import dev.portico.auth.seal.Secret;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cookie of a sign-in, at the auth host only. The prefix {@code __Host-} has browsers refuse
 * one that another host or an insecure one sets.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265">RFC 6265</a>
 */
public final class SignInCookie {
  /** Its name. */
  public static final String NAME = "__Host-portico-auth";

  private static final Pattern VALUE =
      Pattern.compile("s-[0-9a-f]{16}\\.[A-Za-z0-9_-]{" + Secret.LENGTH + "}");

  private SignInCookie() {}

  /** The value that a request brings, if it can be one. */
  public static Optional<String> of(HttpRequest<?> request) {
    return request
        .getCookies()
        .findCookie(NAME)
        .map(Cookie::getValue)
        .filter(SignInCookie::wellFormed);
  }

  static boolean wellFormed(String value) {
    return VALUE.matcher(value).matches();
  }

  /** The cookie of a sign-in that was begun, which lasts as long as that at most. */
  public static Cookie of(SignIns.Begun begun) {
    SignIn signIn = begun.signIn();
    return cookie(begun.cookie(), Duration.between(signIn.created(), signIn.expiresAt()));
  }

  /** What takes the cookie away. */
  public static Cookie none() {
    return cookie("", Duration.ZERO);
  }

  private static Cookie cookie(String value, Duration age) {
    return Cookie.of(NAME, value)
        .path("/")
        .secure(true)
        .httpOnly(true)
        .sameSite(SameSite.Lax)
        .maxAge(age);
  }
}
