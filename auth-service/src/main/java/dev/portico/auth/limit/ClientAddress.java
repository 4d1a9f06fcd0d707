package dev.portico.auth.limit;

import io.micronaut.http.HttpRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a request comes from: what the gateway says last in X-Forwarded-For, else who is connected.
 */
public final class ClientAddress {
  private ClientAddress() {}

  /** The address. */
  public static String of(HttpRequest<?> request) {
    String forwarded = request.getHeaders().get("X-Forwarded-For");
    String connected = request.getRemoteAddress().getHostString();
    return forwarded == null ? connected : last(forwarded, connected);
  }

  static String last(String forwarded, String otherwise) {
    String said = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
    try {
      return InetAddress.ofLiteral(said).getHostAddress();
    } catch (IllegalArgumentException e) {
      return otherwise;
    }
  }

  /** The address as limits count it. */
  static String network(HttpRequest<?> request) {
    return network(of(request));
  }

  /** Of an IPv6 address only the network of 64 bits, since each of its users has all of it. */
  static String network(String address) {
    try {
      return InetAddress.ofLiteral(address) instanceof Inet6Address six
          ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), 8)) + "/64"
          : address;
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
