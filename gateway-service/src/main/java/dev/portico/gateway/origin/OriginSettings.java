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
    address(contentApi, "PORTICO_CONTENT_API");
    address(contentInternal, "PORTICO_CONTENT_INTERNAL");
    address(authApi, "PORTICO_AUTH_API");
    check(connectTimeout.isPositive(), "CONNECT_TIMEOUT must be longer than 0s");
    check(firstByteTimeout.isPositive(), "FIRST_BYTE_TIMEOUT must be longer than 0s");
    check(idleTimeout.isPositive(), "IDLE_TIMEOUT must be longer than 0s");
    check(blobRate >= 0, "BLOB_RATE must be at least 0");
    check(pooledConnections >= 0, "POOLED_CONNECTIONS must be at least 0");
    check(!pooledFor.isNegative(), "POOLED_FOR must not be negative");
  }

  /** Without the secret: settings end up in logs. */
  @Override
  public String toString() {
    return "OriginSettings[" + contentApi + ", " + contentInternal + ", " + authApi + "]";
  }

  private static void address(URI address, String variable) {
    try {
      Origin.of(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable + " must be as http://host:port", e);
    }
  }

  private static void check(boolean valid, String rule) {
    if (!valid) {
      throw new IllegalArgumentException("PORTICO_ORIGIN_" + rule);
    }
  }
}
