package dev.portico.gateway.origin.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers: may something that users configure be connected to at this address? What is not of the
 * public internet is refused unless the operator lists it (design, section 7), since behind it are
 * the cloud's metadata, the services' own ports, and other people's machines. Asked after every
 * resolution, right before connecting: a name may stand for another address the next time.
 */
public final class InnerAddresses {
  /** Special-purpose ranges that are no destination on the internet (RFC 6890 and its registry). */
  private static final List<Cidr> INNER =
      Stream.of(
              "0.0.0.0/8", // This host (RFC 791); Linux takes it for loopback.
              "10.0.0.0/8", // Private (RFC 1918), as are the other two.
              "100.64.0.0/10", // Shared with a carrier's customers (RFC 6598).
              "127.0.0.0/8", // Loopback.
              "169.254.0.0/16", // Link-local (RFC 3927): metadata of clouds and of Fargate tasks.
              "172.16.0.0/12",
              "192.0.0.0/24", // IETF protocol assignments.
              "192.168.0.0/16",
              "198.18.0.0/15", // Benchmarks of networks (RFC 2544).
              "224.0.0.0/4", // Multicast.
              "240.0.0.0/4", // Reserved, and broadcast.
              "::/96", // Unspecified, loopback, and IPv4-compatible (RFC 4291), long deprecated.
              "64:ff9b:1::/48", // NAT64 of a network's own (RFC 8215).
              "2001::/32", // Teredo (RFC 4380): an IPv4 address, written upside down.
              "fc00::/7", // Unique local (RFC 4193).
              "fe80::/10", // Link-local.
              "fec0::/10", // Site-local, deprecated.
              "ff00::/8") // Multicast.
          .map(Cidr::parse)
          .toList();

  /** Java makes an IPv4 address of one at sight; raw bytes may still be one. */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

  private final List<Cidr> allowed;

  /**
   * Makes the rule.
   *
   * @param allowed what the operator lists: inner ranges that may be connected to all the same
   */
  public InnerAddresses(List<Cidr> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Whether an address must not be connected to. */
  public boolean refuses(InetAddress address) {
    return refuses(address.getAddress());
  }

  /** As above, for an address as bytes: 4 or 16 of them. */
  boolean refuses(byte[] address) {
    if (within(allowed, address)) {
      return false;
    }
    byte[] reached = embedded(address);
    return reached == null ? within(INNER, address) : refuses(reached);
  }

  /** The IPv4 address that is reached by way of an IPv6 one; null when none is. */
  private static byte @Nullable [] embedded(byte[] address) {
    if (mapped(address) || NAT64.contains(address)) {
      return Arrays.copyOfRange(address, 12, 16); // RFC 4291, 2.5.5.2; RFC 6052, 2.2
    }
    return SIX_TO_FOUR.contains(address) ? Arrays.copyOfRange(address, 2, 6) : null; // RFC 3056
  }

  private static boolean mapped(byte[] address) {
    return address.length == 16 && Arrays.equals(MAPPED, 0, 12, address, 0, 12);
  }

  private static boolean within(List<Cidr> ranges, byte[] address) {
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
