package dev.portico.auth.pages;

import dev.portico.auth.seal.Seal;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Step} with the browser: sealed for this browser alone, and for a while. A browser
 * has one at a time; that of another tab replaces it.
 */
@Singleton
final class Steps {
  /** The cookie. */
  static final String COOKIE = "__Host-portico-step";

  /** Longer than Cognito lets a challenge be answered (3 minutes; 15 at most). */
  static final Duration LIFE = Duration.ofMinutes(15);

  /** What browsers keep of one cookie, its name and attributes apart (RFC 6265 section 6.1). */
  private static final int LONGEST = 3_900;

  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);
  private static final char SEPARATOR = ' ';

  private final Seal seal;
  private final FormGuard guard;
  private final ObjectMapper json;
  private final Clock clock;

  Steps(Seal seal, FormGuard guard, ObjectMapper json, Clock clock) {
    this.seal = seal;
    this.guard = guard;
    this.json = json;
    this.clock = clock;
  }

  /** The step that this browser is at; empty if it is at none, or was for too long. */
  Optional<Step> of(HttpRequest<?> request) {
    return request
        .getCookies()
        .findCookie(COOKIE)
        .map(Cookie::getValue)
        .flatMap(closed -> seal.open(closed, place(request)))
        .flatMap(text -> unexpired(text, clock.instant()))
        .flatMap(this::read);
  }

  /** The account that this browser named last; empty if it is at no step. */
  String name(HttpRequest<?> request) {
    return of(request).map(Step::name).orElse("");
  }

  /** Has the browser keep it with this answer. */
  void keep(HttpRequest<?> request, MutableHttpResponse<String> response, Step step) {
    try {
      String text = timed(json.writeValueAsString(step), clock.instant());
      String closed = seal.close(text, place(request));
      if (closed.length() > LONGEST) {
        LOG.error("A step of a sign-in has {} characters and fits no cookie", closed.length());
      }
      response.cookie(PageCookie.of(COOKIE, closed, LIFE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the browser forget it. */
  void forget(MutableHttpResponse<String> response) {
    response.cookie(PageCookie.of(COOKIE, "", Duration.ZERO));
  }

  /** A text that lasts from now on. */
  static String timed(String text, Instant now) {
    return now.plus(LIFE).getEpochSecond() + String.valueOf(SEPARATOR) + text;
  }

  /** The text, if its time is not over. */
  static Optional<String> unexpired(String timed, Instant now) {
    int end = timed.indexOf(SEPARATOR);
    Instant until = Instant.ofEpochSecond(Long.parseLong(timed.substring(0, end)));
    return now.isBefore(until) ? Optional.of(timed.substring(end + 1)) : Optional.empty();
  }

  private Optional<Step> read(String text) {
    try {
      return Optional.of(json.readValue(text, Step.class));
    } catch (IOException e) {
      // Of another version of this service: begin again.
      LOG.debug("A step is not understood", e);
      return Optional.empty();
    }
  }

  private String place(HttpRequest<?> request) {
    return "step " + guard.secret(request);
  }
}
