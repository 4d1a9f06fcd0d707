package dev.portico.content.member;

import io.micronaut.http.HttpRequest;
import java.net.InetAddress;

/**
 * Where a request comes from: what the gateway says last in X-Forwarded-For, else who is connected.
 * It is believed of whoever reaches the API's port, which is why only gateways may.
 */
final class ClientAddress {
  private ClientAddress() {}

  static String of(HttpRequest<?> request) {
    String forwarded = request.getHeaders().get("X-Forwarded-For");
    String connected = request.getRemoteAddress().getHostString();
    return forwarded == null ? connected : last(forwarded, connected);
  }

  private static String last(String forwarded, String otherwise) {
    String said = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
    try {
      return InetAddress.ofLiteral(said).getHostAddress();
    } catch (IllegalArgumentException e) {
      return otherwise;
    }
  }
}
