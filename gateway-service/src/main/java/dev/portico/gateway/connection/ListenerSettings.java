package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.Pace;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the public listeners allow.
 *
 * @param httpPort the port for clear text; 0 picks a free one, -1 listens on none
 * @param httpsPort the port for TLS; 0 listens on none, -1 picks a free one
 * @param publicHttpsPort the port at which viewers reach HTTPS; 0 for this gateway's own, or 443
 *     behind proxies
 * @param trustedProxies how many proxies before this gateway write X-Forwarded-For
 * @param shutdownDelay from not being ready at shutdown to closing the ports: the time that a load
 *     balancer needs to notice; everything is answered meanwhile
 * @param shutdownGrace how long exchanges under way may take to finish at shutdown
 * @param stopTimeout from SIGTERM to the moment when the platform ends the process by force; delay
 *     and grace must fit in it
 * @param maxConnections connections open at a time; further ones are closed at once
 * @param maxConnectionsPerClient connections that one address may have open; further ones are
 *     closed at once. 0 for any number; without effect behind proxies, whose connections they all
 *     are
 * @param maxRequestLine bytes of a request line; longer ones get 414
 * @param maxHeaderSize bytes of a header section; larger ones get 431
 * @param maxHeaderFields field lines of a header section; more get 431. At least 100, so that
 *     whatever a question about a supposed request may name fits
 * @param maxBodySize bytes of a request's body that sites' origins are sent; larger ones get 413. 0
 *     for any number
 * @param headerTimeout from a request's first byte to the end of its header section
 * @param idleTimeout without a request before a connection is closed
 * @param bodyTimeout without a byte of a request body that is being read
 * @param bodyRate bytes per second that such a body must come at, on average over twice the body
 *     timeout; 0 for no limit
 * @param writeTimeout without the viewer taking what is waiting for it
 * @param eventLoops threads that serve connections; 0 for one per processor
 * @param transport the means of network I/O: {@code epoll}, {@code io_uring} or {@code nio}, and no
 *     start where it cannot be had; {@code auto} for epoll where there is epoll, else NIO
 */
@ConfigurationProperties("portico.listener")
public record ListenerSettings(
    int httpPort,
    int httpsPort,
    int publicHttpsPort,
    int trustedProxies,
    Duration shutdownDelay,
    Duration shutdownGrace,
    Duration stopTimeout,
    int maxConnections,
    int maxConnectionsPerClient,
    int maxRequestLine,
    int maxHeaderSize,
    int maxHeaderFields,
    @ReadableBytes long maxBodySize,
    Duration headerTimeout,
    Duration idleTimeout,
    Duration bodyTimeout,
    @ReadableBytes long bodyRate,
    Duration writeTimeout,
    int eventLoops,
    String transport) {
  /** Checks the values, so that a bad one stops the start and not a request. */
  public ListenerSettings {
    check(httpPort >= -1 && httpPort <= 65_535, "HTTP_PORT must be from -1 to 65535");
    check(httpsPort >= -1 && httpsPort <= 65_535, "HTTPS_PORT must be from -1 to 65535");
    check(
        publicHttpsPort >= 0 && publicHttpsPort <= 65_535,
        "PUBLIC_HTTPS_PORT must be from 0 to 65535");
    check(trustedProxies >= 0 && trustedProxies <= 16, "TRUSTED_PROXIES must be from 0 to 16");
    check(!shutdownDelay.isNegative(), "SHUTDOWN_DELAY must not be negative");
    check(!shutdownGrace.isNegative(), "SHUTDOWN_GRACE must not be negative");
    if (shutdownDelay.plus(shutdownGrace).compareTo(stopTimeout) > 0) {
      throw new IllegalArgumentException(
          ("PORTICO_SHUTDOWN_DELAY (%ss) and PORTICO_SHUTDOWN_GRACE (%ss) together exceed"
                  + " PORTICO_STOP_TIMEOUT (%ss), after which the platform ends the process")
              .formatted(seconds(shutdownDelay), seconds(shutdownGrace), seconds(stopTimeout)));
    }
    check(maxConnections > 0, "MAX_CONNECTIONS must be at least 1");
    check(maxConnectionsPerClient >= 0, "MAX_CONNECTIONS_PER_CLIENT must be at least 0");
    check(
        maxRequestLine >= 256 && maxRequestLine <= 65_536,
        "MAX_REQUEST_LINE must be from 256 to 65536");
    check(
        maxHeaderSize >= 1_024 && maxHeaderSize <= 262_144,
        "MAX_HEADER_SIZE must be from 1024 to 262144");
    check(
        maxHeaderFields >= 100 && maxHeaderFields <= 10_000,
        "MAX_HEADER_FIELDS must be from 100 to 10000");
    check(maxBodySize >= 0, "MAX_BODY_SIZE must be at least 0");
    check(headerTimeout.isPositive(), "HEADER_TIMEOUT must be longer than 0s");
    check(idleTimeout.isPositive(), "IDLE_TIMEOUT must be longer than 0s");
    check(bodyTimeout.isPositive(), "BODY_TIMEOUT must be longer than 0s");
    check(bodyRate >= 0, "BODY_RATE must be at least 0");
    check(writeTimeout.isPositive(), "WRITE_TIMEOUT must be longer than 0s");
    check(eventLoops >= 0, "EVENT_LOOPS must be at least 0");
    check(Transport.isNamed(transport), "TRANSPORT must be auto, epoll, io_uring or nio");
  }

  /**
   * A measure for one request's body; null when it may come at any rate. Over twice the time that
   * it may pause for: who pauses so long has as much time again to make up for it.
   */
  @Nullable Pace bodyPace() {
    return bodyRate == 0 ? null : new Pace(bodyRate, bodyTimeout.multipliedBy(2).toNanos());
  }

  /** The port that viewers are sent to who are to come over HTTPS. */
  public int portForHttps() {
    if (publicHttpsPort > 0) {
      return publicHttpsPort;
    }
    return trustedProxies == 0 && httpsPort > 0 ? httpsPort : 443;
  }

  /** Whether it is known that viewers reach this gateway over HTTPS, and so where. */
  public boolean reachedOverHttps() {
    return httpsPort != 0 || publicHttpsPort > 0 || trustedProxies > 0;
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private static void check(boolean valid, String rule) {
    if (!valid) {
      throw new IllegalArgumentException("PORTICO_" + rule);
    }
  }
}
