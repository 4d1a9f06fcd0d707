package dev.portico.gateway.origin.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Answers: may something that users configure be connected to at this address? What is not of the
 * public internet is refused unless the operator lists it (design, section 7), since behind it are
 * the cloud's metadata, the services' own ports, and other people's machines. Asked after every
 * resolution, right before connecting: a name may stand for another address the next time.
 */
public final class InnerAddresses {
  /**
   * What is not one host's address on the internet: special-purpose ranges (RFC 6890 and IANA's
   * registries), multicast, and of IPv6 all but 2000::/3, since no more is allocated.
   * Content-service judges by the same rules; both are held to
   * deploy/contracts/inner-addresses.json.
   */
  private static final List<Cidr> INNER =
      Stream.of(
              "0.0.0.0/8", // This host (RFC 791); Linux takes it for loopback.
              "10.0.0.0/8", // Private (RFC 1918), as are the other two.
              "100.64.0.0/10", // Shared with a carrier's customers (RFC 6598).
              "127.0.0.0/8", // Loopback.
              "169.254.0.0/16", // Link-local (RFC 3927): metadata of clouds and of Fargate tasks.
              "172.16.0.0/12",
              "192.0.0.0/24", // IETF protocol assignments.
              "192.0.2.0/24", // Documentation (RFC 5737), as are the other two.
              "192.88.99.0/24", // Relays of 6to4 (RFC 7526), deprecated.
              "192.168.0.0/16",
              "198.18.0.0/15", // Benchmarks of networks (RFC 2544).
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4", // Multicast.
              "240.0.0.0/4", // Reserved, and broadcast.
              "::/3", // Loopback, IPv4-compatible and -translated, local NAT64, discarded.
              "2001::/23", // IETF protocol assignments, Teredo (RFC 4380) among them.
              "2001:db8::/32", // Documentation (RFC 3849), as is the next but one.
              "2002::/16", // 6to4 (RFC 3056): the IPv4 address is but that of a router.
              "3fff::/20",
              "4000::/2", // Nothing.
              "8000::/1") // Unique local (RFC 4193), link-local, site-local, multicast.
          .map(Cidr::parse)
          .toList();

  /** Java makes an IPv4 address of one at sight; raw bytes may still be one. */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  /**
   * Leads to the IPv4 address in it (RFC 6052), and is how a network without IPv4 reaches public
   * servers that have nothing else.
   */
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

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
    if (mapped(address)) {
      return refuses(lastFour(address)); // RFC 4291, 2.5.5.2
    }
    if (within(allowed, address)) {
      return false;
    }
    return NAT64.contains(address) ? refuses(lastFour(address)) : within(INNER, address);
  }

  private static byte[] lastFour(byte[] address) {
    return Arrays.copyOfRange(address, 12, 16);
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
