package dev.portico.gateway.origin;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server of the team's own that answers for a behaviour.
 *
 * @param id its name in the site's settings
 * @param tls whether it is asked over HTTPS
 * @param host its name or address; every address that DNS gives is used
 * @param port its port, 1 to 65535
 * @param pathPrefix put before the path of every request; empty, or starts with {@code /} and does
 *     not end in one
 * @param http2 whether it is asked over HTTP/2 (by ALPN with TLS, by prior knowledge without)
 * @param connectTimeout to open a connection, TLS included
 * @param firstByteTimeout from the end of a request to the head of its response
 * @param idleTimeout without a byte moving, while a request or a response does
 * @param requestTimeout from the end of a request to that of its response; zero for no limit
 * @param attempts how often an idempotent request is tried before the first byte of a response, 1
 *     to 3
 * @param headers fields set on every request, over the viewer's own
 * @param verifyTls whether its certificate must be valid for {@code host}
 * @param breaker when it counts as down
 * @param probe how it is checked between requests; null when it is not
 * @param failover who answers in its place; null when nobody does
 */
public record HttpOrigin(
    String id,
    boolean tls,
    String host,
    int port,
    String pathPrefix,
    boolean http2,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    Duration requestTimeout,
    int attempts,
    List<Field> headers,
    boolean verifyTls,
    Breaker breaker,
    @Nullable Probe probe,
    @Nullable Failover failover) {
  /** Copies the list. */
  public HttpOrigin {
    headers = List.copyOf(headers);
  }

  /**
   * A header field.
   *
   * @param name its name
   * @param value its value
   */
  public record Field(String name, String value) {}

  /**
   * When an address of an origin counts as down: after so many failures in a row it is asked no
   * more for a while, then by one request at a time until one succeeds.
   *
   * @param failures failures in a row, 1 or more
   * @param openFor how long it is left alone
   */
  public record Breaker(int failures, Duration openFor) {}

  /**
   * An active check of every address of an origin.
   *
   * @param path asked by GET; any status below 400 is well
   * @param interval between two checks
   */
  public record Probe(String path, Duration interval) {}

  /**
   * Another origin of the site that is asked when this one fails.
   *
   * @param origin its id; its own failover is not followed
   * @param statuses statuses of this origin that count as failures besides having no answer
   */
  public record Failover(String origin, Set<Integer> statuses) {
    /** Copies the set. */
    public Failover {
      statuses = Set.copyOf(statuses);
    }
  }
}
