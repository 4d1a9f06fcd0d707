package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that nobody has sent, as it would be if it came in clear text or over TLS to this very
 * gateway over HTTP/1.1: checked at the same door.
 *
 * @param request the request; when it was refused, what could be read of it
 * @param refused why the door refuses it; null when it may pass
 */
public record SupposedRequest(ViewerRequest request, @Nullable EdgeError refused) {
  /**
   * Fields, in lower case, that a supposed request cannot have: its address says the first, and a
   * later one asks.
   */
  private static final Set<String> NOT_HERE =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "http2-settings",
          "portico-explain",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-port");

  /**
   * Makes one and leads it to the door.
   *
   * @param scheme {@code http} or {@code https}
   * @param authority host and, where it is not the scheme's default, port
   * @param target path and query, starting with a slash
   * @param fields names and values in turn
   * @param viewer the address of whoever would send it
   * @param nanos {@link System#nanoTime()}
   * @throws IllegalArgumentException when the method or a field cannot be, with the reason
   */
  public static SupposedRequest of(
      String method,
      String scheme,
      String authority,
      String target,
      List<String> fields,
      String viewer,
      long nanos) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    headers.set("host", authority);
    for (int i = 0; i < fields.size(); i += 2) {
      String name = fields.get(i);
      if (!FieldSyntax.isToken(name) || NOT_HERE.contains(name.toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("there can be no field of this name");
      }
      headers.add(name, fields.get(i + 1));
    }
    HeaderFields sent = new NettyHeaderFields(headers);
    RequestHead head = new RequestHead(HttpProtocol.HTTP_1_1, method, target, null, sent);
    RequestDoor door = new RequestDoor(viewer, scheme, 0, false, new ConnectionMemory());
    return switch (door.admit(head, System.currentTimeMillis(), nanos)) {
      case Admission.Admitted admitted -> new SupposedRequest(admitted.request(), null);
      case Admission.Refused refused -> new SupposedRequest(refused.request(), refused.error());
    };
  }
}
