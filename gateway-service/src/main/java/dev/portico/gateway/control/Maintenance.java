package dev.portico.gateway.control;

import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a site shows a maintenance page.
 *
 * @param until when it ends; {@link Instant#MAX}: not by itself
 * @param retryAfterSeconds what viewers are told of when to try again
 * @param page decoded path of a file of the deployment; null: a plain page
 * @param exempt whose viewers get the site as ever
 */
public record Maintenance(
    Instant until, int retryAfterSeconds, @Nullable String page, AddressBlocks exempt) {
  /** Whether it holds for viewers from an address. */
  public boolean holds(InetAddress address, Instant now) {
    return now.isBefore(until) && !exempt.hold(address, now);
  }
}
