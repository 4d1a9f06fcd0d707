package dev.portico.auth.pages;

import dev.portico.auth.error.Problem;
import dev.portico.auth.seal.Secret;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.cookie.Cookie;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only forms that this host has shown to the very browser that sends them: each holds a
 * token made of a secret in a cookie, which no other host can read or set; and browsers say of what
 * origin a form is.
 *
 * @see <a
 *     href="https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html">OWASP,
 *     Cross-Site Request Forgery Prevention</a>
 */
@Singleton
final class FormGuard {
  /** The cookie. */
  static final String COOKIE = "__Host-portico-form";

  /** The field of each form that holds the token. */
  static final String FIELD = "token";

  private static final String FRESH = "dev.portico.form-secret";
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{" + Secret.LENGTH + "}");

  FormGuard() {}

  /** The secret of this browser, which gets one with the answer if it has none. */
  String secret(HttpRequest<?> request) {
    return sent(request)
        .orElseGet(
            () ->
                request
                    .getAttribute(FRESH, String.class)
                    .orElseGet(
                        () -> {
                          String fresh = Secret.fresh();
                          request.setAttribute(FRESH, fresh);
                          return fresh;
                        }));
  }

  /** The token for forms shown to this browser. */
  String token(HttpRequest<?> request) {
    return token(secret(request));
  }

  /** Gives the browser the secret if it was made for this answer. */
  void remember(HttpRequest<?> request, MutableHttpResponse<String> response) {
    request
        .getAttribute(FRESH, String.class)
        .ifPresent(secret -> response.cookie(PageCookie.of(COOKIE, secret)));
  }

  /**
   * The form that was sent.
   *
   * @throws Problem 403 if it is not one that was shown to this browser
   */
  Form open(HttpRequest<?> request, String body) {
    Form form = Form.of(body);
    boolean shown =
        sent(request).filter(secret -> Secret.same(token(secret), form.typed(FIELD))).isPresent();
    if (!shown || !isOwn(request)) {
      throw Problem.of(
          403,
          "form-refused",
          "The form cannot be used",
          "It was not shown to this browser by this host, or cookies are turned off.");
    }
    return form;
  }

  private static Optional<String> sent(HttpRequest<?> request) {
    return request
        .getCookies()
        .findCookie(COOKIE)
        .map(Cookie::getValue)
        .filter(value -> SECRET.matcher(value).matches());
  }

  private static String token(String secret) {
    return Secret.challenge("form " + secret);
  }

  /** Whether the browser says that a page of this host has sent it. */
  private static boolean isOwn(HttpRequest<?> request) {
    String origin = request.getHeaders().get("Origin");
    return origin == null
        ? "same-origin".equals(request.getHeaders().get("Sec-Fetch-Site"))
        : asked(request).equalsIgnoreCase(authority(origin));
  }

  /** The host that was asked: the gateway says which. */
  private static String asked(HttpRequest<?> request) {
    String forwarded = request.getHeaders().get("X-Forwarded-Host");
    String host = forwarded == null ? request.getHeaders().get("Host") : forwarded;
    return host == null ? "" : host;
  }

  private static @Nullable String authority(String origin) {
    try {
      return URI.create(origin).getRawAuthority();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
