package dev.portico.gateway.origin;

import dev.portico.gateway.origin.address.Cidr;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which servers can be reached, and over how many connections.
 *
 * @param maxConnections connections at all, per address of a server and event loop
 * @param maxWaiting requests that may wait, per address and event loop, when all of them are in
 *     use; those for whom a connection is being opened do not count. 0 for none
 * @param allowedInner ranges of addresses that origins may be at although they are not of the
 *     public internet, like {@code 10.1.0.0/16,fd00::/8}; empty for none
 * @param authorities PEM file of certificates to trust for origins besides the JDK's; empty for
 *     none
 * @param nameServers name servers like {@code 10.0.0.2,10.0.0.3:5353}; empty for the system's
 */
@ConfigurationProperties("portico.origin")
public record ReachSettings(
    int maxConnections,
    int maxWaiting,
    String allowedInner,
    String authorities,
    String nameServers) {
  private static final int DNS_PORT = 53;
  private static final String NAME_SERVERS =
      "NAME_SERVERS must be addresses as 10.0.0.2,10.0.0.3:5353";

  /** Checks the values, so that a bad one stops the start and not a request. */
  public ReachSettings {
    check(maxConnections > 0, "MAX_CONNECTIONS must be at least 1");
    check(maxWaiting >= 0, "MAX_WAITING must be at least 0");
    check(
        authorities.isEmpty() || Files.isReadable(Path.of(authorities)),
        "AUTHORITIES must be a file that can be read");
    ranges(allowedInner);
    servers(nameServers);
  }

  /** What origins may be at besides the public internet. */
  List<Cidr> allowedRanges() {
    return ranges(allowedInner);
  }

  /** The name servers to ask; empty for the system's. */
  List<InetSocketAddress> nameServerAddresses() {
    return servers(nameServers);
  }

  private static List<Cidr> ranges(String list) {
    try {
      return entries(list).map(Cidr::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "PORTICO_ORIGIN_ALLOWED_INNER must be ranges as 10.1.0.0/16,fd00::/8", e);
    }
  }

  private static List<InetSocketAddress> servers(String list) {
    return entries(list).map(ReachSettings::server).toList();
  }

  private static InetSocketAddress server(String text) {
    URI server;
    try {
      server = new URI("dns://" + text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("PORTICO_ORIGIN_" + NAME_SERVERS, e);
    }
    String host = String.valueOf(server.getHost());
    check(NetUtil.createByteArrayFromIpAddressString(host) != null, NAME_SERVERS);
    return new InetSocketAddress(host, server.getPort() < 0 ? DNS_PORT : server.getPort());
  }

  private static Stream<String> entries(String list) {
    return Arrays.stream(list.split(",", -1)).map(String::strip).filter(entry -> !entry.isEmpty());
  }

  private static void check(boolean valid, String rule) {
    if (!valid) {
      throw new IllegalArgumentException("PORTICO_ORIGIN_" + rule);
    }
  }
}
