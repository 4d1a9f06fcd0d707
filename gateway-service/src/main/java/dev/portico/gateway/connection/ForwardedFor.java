package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.HeaderFields;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the viewer is, behind a known number of proxies. Each trusted proxy appends the address it
 * was called from to X-Forwarded-For, so with {@code n} of them the viewer is the n-th from the
 * right; everything left of it was written by the viewer and is worth nothing.
 *
 * @param address the viewer's IP address
 * @param scheme {@code http} or {@code https}, as the viewer used it
 * @param port the port that the viewer asked, or -1 when no proxy told it
 */
record ForwardedFor(String address, String scheme, int port) {
  /**
   * Reads the X-Forwarded fields.
   *
   * @param peer the address of whoever opened the connection
   * @param connectionScheme {@code http} or {@code https}, as this connection is
   * @param trustedProxies how many proxies stand before this gateway; with 0 the fields are ignored
   */
  static ForwardedFor of(
      String peer, String connectionScheme, int trustedProxies, HeaderFields headers) {
    if (trustedProxies <= 0) {
      return new ForwardedFor(peer, connectionScheme, -1);
    }
    String scheme = fromRight(headers.all("x-forwarded-proto"), trustedProxies);
    String port = fromRight(headers.all("x-forwarded-port"), trustedProxies);
    return new ForwardedFor(
        address(peer, headers.all("x-forwarded-for"), trustedProxies),
        scheme != null && (scheme.equals("https") || scheme.equals("http"))
            ? scheme
            : connectionScheme,
        port == null ? -1 : HostName.port(port));
  }

  private static String address(String peer, List<String> lines, int trustedProxies) {
    List<String> hops = items(lines);
    String address = peer;
    // From the nearest proxy outwards: an entry that is no address ends the chain of trust.
    for (int i = 1; i <= trustedProxies && i <= hops.size(); i++) {
      String hop = withoutPort(hops.get(hops.size() - i));
      if (!isAddress(hop)) {
        return address;
      }
      address = ClientAddress.canonical(hop);
    }
    return address;
  }

  /** Without a zone: that names an interface of whoever wrote it, which need not be here. */
  private static boolean isAddress(String hop) {
    return NetUtil.isValidIpV4Address(hop)
        || (NetUtil.isValidIpV6Address(hop) && hop.indexOf('%') < 0);
  }

  private static @Nullable String fromRight(List<String> lines, int position) {
    List<String> items = items(lines);
    return items.isEmpty() ? null : items.get(Math.max(0, items.size() - position));
  }

  private static List<String> items(List<String> lines) {
    if (lines.isEmpty()) {
      return List.of();
    }
    List<String> items = new ArrayList<>();
    for (String line : lines) {
      int start = 0;
      for (int comma; (comma = line.indexOf(',', start)) >= 0; start = comma + 1) {
        items.add(line.substring(start, comma).strip());
      }
      items.add(line.substring(start).strip());
    }
    return items;
  }

  /** Some proxies add the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
