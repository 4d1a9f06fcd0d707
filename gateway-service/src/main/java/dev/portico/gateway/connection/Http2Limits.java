package dev.portico.gateway.connection;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * What one HTTP/2 connection may ask for; past it, GOAWAY with ENHANCE_YOUR_CALM and the end of the
 * connection (RFC 9113, section 10.5).
 *
 * @param maxStreams requests under way at a time; a further one is refused alone
 * @param maxResets streams that a viewer resets in a window, and as many that it makes the gateway
 *     reset (CVE-2023-44487, CVE-2025-8671)
 * @param maxControlFrames frames in a window that bring neither a request nor data; each request
 *     and each DATA frame sent allow two more
 * @param window the time that both are counted in, whole seconds
 */
@ConfigurationProperties("portico.http2")
public record Http2Limits(int maxStreams, int maxResets, int maxControlFrames, Duration window) {
  /** Checks the values, so that a bad one stops the start and not a request. */
  public Http2Limits {
    check(maxStreams >= 1 && maxStreams <= 10_000, "MAX_STREAMS must be from 1 to 10000");
    check(maxResets >= 1, "MAX_RESETS must be at least 1");
    check(maxControlFrames >= 16, "MAX_CONTROL_FRAMES must be at least 16");
    check(window.toSeconds() >= 1 && window.toSeconds() <= 3_600, "WINDOW must be from 1s to 1h");
  }

  private static void check(boolean valid, String rule) {
    if (!valid) {
      throw new IllegalArgumentException("PORTICO_HTTP2_" + rule);
    }
  }

  int windowSeconds() {
    return Math.toIntExact(window.toSeconds());
  }
}
