package dev.portico.gateway.access.session;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.net.URI;
import java.time.Duration;

/**
 * Where sessions are known, and how long they live here.
 *
 * @param authInternal auth-service's internal port
 * @param authSecret what this gateway presents there; empty: nobody can sign in at a site
 * @param grace how long known sessions live on when auth-service does not answer
 * @param cacheSize bytes of sessions that are remembered, about
 */
@ConfigurationProperties("portico.session")
public record SessionSettings(
    URI authInternal, String authSecret, Duration grace, @ReadableBytes long cacheSize) {
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);

  /** Checks the values, so that a bad one stops the start and not a request. */
  public SessionSettings {
    if (!authInternal.isAbsolute() || authInternal.getHost() == null) {
      throw new IllegalArgumentException("PORTICO_AUTH_INTERNAL must be a URL");
    }
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw new IllegalArgumentException("PORTICO_SESSION_GRACE must be between 0s and 1h");
    }
    if (cacheSize < 0) {
      throw new IllegalArgumentException("PORTICO_SESSION_CACHE_SIZE must not be negative");
    }
  }

  /** Whether there is anybody to ask. */
  public boolean configured() {
    return !authSecret.isBlank();
  }

  /** Without the secret: settings end up in logs. */
  @Override
  public String toString() {
    return "SessionSettings[" + authInternal + ", " + grace + ", " + cacheSize + "]";
  }
}
