package dev.portico.content.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts lie inside, where nothing that a team configures may reach (design section 7), and
 * which of them the operator has opened. A name is judged by itself only; what it resolves to is
 * for the gateway, which looks after every resolution.
 */
final class InnerAddresses {
  /**
   * What is not one host's address in the internet: IANA's special-purpose registries (RFC 6890),
   * multicast, and of IPv6 all but 2000::/3, since no more is allocated. The gateway judges by the
   * same rules; both are held to deploy/contracts/inner-addresses.json.
   */
  private static final List<Block> INNER =
      List.of(
          new Block("loopback", "127.0.0.0/8"),
          new Block("loopback", "::1/128"),
          new Block("link-local", "169.254.0.0/16"),
          new Block("link-local", "fe80::/10"),
          new Block("private", "10.0.0.0/8"),
          new Block("private", "172.16.0.0/12"),
          new Block("private", "192.168.0.0/16"),
          new Block("private", "fc00::/7"),
          new Block("private", "fec0::/10"),
          new Block("carrier-grade NAT", "100.64.0.0/10"),
          new Block("unspecified", "0.0.0.0/8"),
          new Block("unspecified", "::/96"),
          new Block("translated from IPv4", "::ffff:0:0:0/96"),
          new Block("translated from IPv4", "64:ff9b:1::/48"),
          new Block("translated from IPv4", "2002::/16"),
          new Block("translated from IPv4", "2001::/32"),
          new Block("discarded", "100::/64"),
          new Block("reserved", "192.0.0.0/24"),
          new Block("reserved", "192.88.99.0/24"),
          new Block("reserved", "198.18.0.0/15"),
          new Block("reserved", "240.0.0.0/4"),
          new Block("documentation", "192.0.2.0/24"),
          new Block("documentation", "198.51.100.0/24"),
          new Block("documentation", "203.0.113.0/24"),
          new Block("documentation", "2001:db8::/32"),
          new Block("documentation", "3fff::/20"),
          new Block("reserved", "2001::/23"),
          new Block("multicast", "224.0.0.0/4"),
          new Block("multicast", "ff00::/8"),
          new Block("reserved", "::/3"),
          new Block("reserved", "4000::/2"),
          new Block("reserved", "8000::/1"));

  /**
   * NAT64 (RFC 6052): leads to the IPv4 address in it, and is how a network without IPv4 reaches
   * public servers that have nothing else. Every other form in which an IPv4 address is wrapped is
   * closed: a 6to4 address (RFC 3056) names but a router, behind which may be anything.
   */
  private static final AddressBlock NAT64 = AddressBlock.parse("64:ff9b::/96");

  /** Domains that exist inside of networks only (RFC 6761, RFC 6762, RFC 8375, ICANN). */
  private static final Set<String> INNER_DOMAINS =
      Set.of("local", "internal", "intranet", "lan", "home.arpa", "in-addr.arpa", "ip6.arpa");

  private static final AddressBlock LOOPBACK = AddressBlock.parse("127.0.0.0/8");
  private static final AddressBlock LOOPBACK_6 = AddressBlock.parse("::1/128");

  private final List<AddressBlock> allowed;

  private record Block(String kind, AddressBlock addresses) {
    Block(String kind, String addresses) {
      this(kind, AddressBlock.parse(addresses));
    }
  }

  /** With the blocks that the operator has opened. */
  InnerAddresses(List<AddressBlock> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Why a normalised host is refused; null when it is not. */
  @Nullable String refusal(String host) {
    InetAddress address = OriginHost.address(host);
    if (address != null) {
      return refusal(address);
    }
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      boolean open =
          allowed.stream().anyMatch(each -> each.overlaps(LOOPBACK) || each.overlaps(LOOPBACK_6));
      return open ? null : "is a loopback name, which the operator has not allowed";
    }
    boolean inner =
        host.indexOf('.') < 0
            || INNER_DOMAINS.stream().anyMatch(domain -> host.endsWith('.' + domain));
    return inner && allowed.isEmpty()
        ? "is a name of an inner network, and the operator has allowed none"
        : null;
  }

  private @Nullable String refusal(InetAddress address) {
    if (allowed.stream().anyMatch(block -> block.holds(address))) {
      return null;
    }
    if (NAT64.holds(address)) {
      return refusal(lastFourBytes(address));
    }
    Optional<Block> inner =
        INNER.stream().filter(block -> block.addresses().holds(address)).findFirst();
    return inner
        .map(block -> "is a " + block.kind() + " address, which the operator has not allowed")
        .orElse(null);
  }

  private static InetAddress lastFourBytes(InetAddress address) {
    byte[] bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
