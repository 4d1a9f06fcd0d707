package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server of the team's own.
 *
 * @param id its name in this document
 * @param protocol {@code https} or {@code http}
 * @param host a DNS name or an address, lower case; an IPv6 address without brackets
 * @param port 80, 443 or 1024 to 65535
 * @param pathPrefix put before the path of every request; empty, or starts with a slash and does
 *     not end in one
 * @param httpVersion {@code 1.1} or {@code 2}
 * @param connectTimeoutSeconds to open a connection, TLS included
 * @param firstByteTimeoutSeconds from the end of a request to the head of its response
 * @param idleTimeoutSeconds without a byte moving
 * @param requestTimeoutSeconds from the end of a request to that of its response; 0: no limit
 * @param attempts how often an idempotent request is tried
 * @param headers fields set on every request
 * @param verifyTls whether the server's certificate must be valid for the host
 * @param breaker when an address of it counts as down
 * @param probe how it is checked between requests; null: not
 * @param failover who is asked when it fails; null: nobody
 */
@Serdeable
public record Origin(
    String id,
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"https", "http"})
        String protocol,
    String host,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) int port,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) String pathPrefix,
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"1.1", "2"})
        String httpVersion,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "5") int connectTimeoutSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "30")
        int firstByteTimeoutSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "60") int idleTimeoutSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "0") int requestTimeoutSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "2") int attempts,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<Header> headers,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean verifyTls,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) OriginBreaker breaker,
    @Nullable Probe probe,
    @Nullable Failover failover) {
  /** Keeps an unmodifiable copy. */
  public Origin {
    headers = List.copyOf(headers);
  }

  /**
   * A field set on every request, over the viewer's own.
   *
   * @param name its name
   * @param value its value, which may be a secret: never shown. In a request null keeps the value
   *     that was given before
   */
  @Serdeable
  @Schema(name = "OriginHeader")
  public record Header(String name, @Nullable String value) {}

  /**
   * An active check.
   *
   * @param path asked by GET
   * @param intervalSeconds between two checks
   */
  @Serdeable
  @Schema(name = "OriginProbe")
  public record Probe(
      String path,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "10") int intervalSeconds) {}

  /**
   * Who is asked in place of an origin that fails.
   *
   * @param origin id of another origin
   * @param statuses that count as failures, besides having no answer
   */
  @Serdeable
  @Schema(name = "OriginFailover")
  public record Failover(
      String origin, @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<Integer> statuses) {
    /** Keeps an unmodifiable copy. */
    public Failover {
      statuses = List.copyOf(statuses);
    }
  }

  Origin withHeaders(List<Header> changed) {
    return new Origin(
        id,
        protocol,
        host,
        port,
        pathPrefix,
        httpVersion,
        connectTimeoutSeconds,
        firstByteTimeoutSeconds,
        idleTimeoutSeconds,
        requestTimeoutSeconds,
        attempts,
        changed,
        verifyTls,
        breaker,
        probe,
        failover);
  }
}
