package dev.portico.gateway.origin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.net.URI;
import java.time.Duration;

/**
 * The services behind the gateway, and how long they may take.
 *
 * @param contentApi the public API of content-service
 * @param contentInternal its internal port
 * @param contentSecret what this gateway presents there
 * @param authApi the public API of auth-service
 * @param connectTimeout to open a connection
 * @param firstByteTimeout from the end of a request to the head of its response
 * @param idleTimeout without a byte moving, while a request or a response does
 * @param blobRate bytes per second that the body of a blob must come at, on average over each idle
 *     timeout in which it is content-service's turn; 0 for no limit
 * @param pooledConnections idle connections kept, per address of a server and event loop
 * @param pooledFor how long an idle connection is kept; shorter than the server keeps it
 */
@ConfigurationProperties("portico.origin")
public record OriginSettings(
    URI contentApi,
    URI contentInternal,
    String contentSecret,
    URI authApi,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    @ReadableBytes long blobRate,
    int pooledConnections,
    Duration pooledFor) {
  /** Checks the values, so that a bad one stops the start and not a request. */
  public OriginSettings {
    Origin.of(contentApi);
    Origin.of(contentInternal);
    Origin.of(authApi);
    check(connectTimeout.isPositive(), "connect-timeout");
    check(firstByteTimeout.isPositive(), "first-byte-timeout");
    check(idleTimeout.isPositive(), "idle-timeout");
    check(blobRate >= 0, "blob-rate");
    check(pooledConnections >= 0, "pooled-connections");
    check(!pooledFor.isNegative(), "pooled-for");
  }

  /** Without the secret: settings end up in logs. */
  @Override
  public String toString() {
    return "OriginSettings[" + contentApi + ", " + contentInternal + ", " + authApi + "]";
  }

  private static void check(boolean valid, String name) {
    if (!valid) {
      throw new IllegalArgumentException("portico.origin." + name + " is out of range");
    }
  }
}
