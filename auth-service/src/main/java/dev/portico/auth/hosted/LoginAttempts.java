package dev.portico.auth.hosted;

import dev.portico.auth.seal.Seal;
import dev.portico.auth.seal.Secret;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link LoginAttempt} with the browser that has begun it, in a cookie of its own, so that
 * two tabs do not get in each other's way: sealed, so that it can be neither read nor made, and
 * under {@code __Host-}, so that no other host can plant it.
 */
@Singleton
@Requires(bean = HostedLogin.class)
public final class LoginAttempts {
  /** How long a browser may take at the hosted login. */
  static final Duration LIFE = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(LoginAttempts.class);
  private static final String PREFIX = "__Host-portico-login-";
  private static final Pattern STATE =
      Pattern.compile("[A-Za-z0-9_-]{8}\\.[A-Za-z0-9_-]{" + Secret.LENGTH + "}");
  private static final int NAME_LENGTH = 8;

  /** More than these at a time are begun by no person. */
  private static final int MOST = 4;

  private final Seal seal;
  private final ObjectMapper json;
  private final Clock clock;

  LoginAttempts(Seal seal, ObjectMapper json, Clock clock) {
    this.seal = seal;
    this.json = json;
    this.clock = clock;
  }

  /** A state that no other attempt has; names the cookie, too. */
  static String freshState() {
    return Secret.fresh().substring(0, NAME_LENGTH) + '.' + Secret.fresh();
  }

  /** Has the browser keep it with this answer. */
  public void keep(HttpRequest<?> request, MutableHttpResponse<?> response, LoginAttempt attempt) {
    List<String> others =
        request.getCookies().names().stream().filter(name -> name.startsWith(PREFIX)).toList();
    if (others.size() >= MOST) {
      others.forEach(name -> response.cookie(cookie(name, "", Duration.ZERO)));
    }
    String name = name(attempt.state());
    try {
      response.cookie(cookie(name, seal.close(json.writeValueAsString(attempt), name), LIFE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The attempt that this browser has begun with this state; empty if it has none, or too long. */
  public Optional<LoginAttempt> of(HttpRequest<?> request, String state) {
    if (!STATE.matcher(state).matches()) {
      return Optional.empty();
    }
    String name = name(state);
    return request
        .getCookies()
        .findCookie(name)
        .map(Cookie::getValue)
        .flatMap(closed -> seal.open(closed, name))
        .flatMap(this::read)
        .filter(attempt -> Secret.same(attempt.state(), state))
        .filter(attempt -> clock.instant().isBefore(end(attempt)));
  }

  private static Instant end(LoginAttempt attempt) {
    return Instant.ofEpochSecond(attempt.begun()).plus(LIFE);
  }

  /** Has the browser forget it. */
  public void forget(MutableHttpResponse<?> response, LoginAttempt attempt) {
    response.cookie(cookie(name(attempt.state()), "", Duration.ZERO));
  }

  private Optional<LoginAttempt> read(String text) {
    try {
      return Optional.of(json.readValue(text, LoginAttempt.class));
    } catch (IOException e) {
      // Of another release of this service: begin again.
      LOG.debug("An attempt is not understood", e);
      return Optional.empty();
    }
  }

  private static String name(String state) {
    return PREFIX + state.substring(0, NAME_LENGTH);
  }

  private static Cookie cookie(String name, String value, Duration age) {
    return Cookie.of(name, value)
        .path("/")
        .secure(true)
        .httpOnly(true)
        .sameSite(SameSite.Lax)
        .maxAge(age);
  }
}
