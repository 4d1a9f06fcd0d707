package dev.portico.content.control;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What gateways need of all that is switched on (deploy/contracts/controls.json).
 *
 * @param version grows with every change
 * @param blockedAddresses from which nothing is answered
 * @param maintenance of sites
 * @param blockedPaths of sites
 */
@Serdeable
record GatewayControls(
    long version, List<Address> blockedAddresses, List<Page> maintenance, List<Path> blockedPaths) {
  /** Keeps unmodifiable copies. */
  GatewayControls {
    blockedAddresses = List.copyOf(blockedAddresses);
    maintenance = List.copyOf(maintenance);
    blockedPaths = List.copyOf(blockedPaths);
  }

  /** Without who and why, which is no business of a gateway's. */
  static GatewayControls of(Controls controls) {
    return new GatewayControls(
        controls.version(),
        controls.blockedAddresses().stream()
            .map(each -> new Address(each.block(), each.until()))
            .toList(),
        controls.maintenance().stream()
            .map(
                each ->
                    new Page(
                        each.site(),
                        each.until(),
                        each.retryAfterSeconds(),
                        each.page(),
                        each.exemptAddresses()))
            .toList(),
        controls.blockedPaths().stream()
            .map(each -> new Path(each.site(), each.pattern(), each.until()))
            .toList());
  }

  /**
   * A blocked block of addresses.
   *
   * @param block its first address and how many bits are shared
   * @param until when it ends by itself; null: it does not
   */
  @Serdeable
  record Address(String block, @Nullable Instant until) {}

  /**
   * A maintenance page.
   *
   * @param site its name
   * @param until when it ends by itself; null: it does not
   * @param retryAfterSeconds for the header field
   * @param page percent-encoded path of a file of the live deployment; null: a plain page
   * @param exemptAddresses blocks of addresses whose viewers get the site as ever
   */
  @Serdeable
  record Page(
      String site,
      @Nullable Instant until,
      int retryAfterSeconds,
      @Nullable String page,
      List<String> exemptAddresses) {
    /** Keeps an unmodifiable copy. */
    Page {
      exemptAddresses = List.copyOf(exemptAddresses);
    }
  }

  /**
   * Blocked paths.
   *
   * @param site its name
   * @param pattern of the paths
   * @param until when it ends by itself; null: it does not
   */
  @Serdeable
  record Path(String site, String pattern, @Nullable Instant until) {}
}
