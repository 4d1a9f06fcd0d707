package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The door of one connection. Checks a request's head once and turns it into a {@link
 * ViewerRequest}, so that no later stage has to: method, target (RFC 9112, section 3.2), host,
 * framing, path. Two readings of one request are what smuggling lives on, so whatever is ambiguous
 * is refused and nothing is repaired.
 */
final class RequestDoor {
  private static final HostName NO_HOST = new HostName("", -1);
  private static final RequestPath NO_PATH = new RequestPath("/", "/", false);

  private final String peer;
  private final String scheme;
  private final int trustedProxies;
  private final boolean joinsTraces;
  private final ForwardedFor direct;
  private final ConnectionMemory memory;
  // Nearly all requests of a connection are for one host, so that it is read once.
  private @Nullable String lastHostText;
  private @Nullable HostName lastHost;

  /**
   * A door.
   *
   * @param peer the address of whoever opened the connection
   * @param scheme {@code http} or {@code https}, as the connection is
   * @param trustedProxies how many proxies stand before this gateway
   * @param joinsTraces whether requests belong to the traces that they name
   * @param memory of the connection
   */
  RequestDoor(
      String peer,
      String scheme,
      int trustedProxies,
      boolean joinsTraces,
      ConnectionMemory memory) {
    this.peer = peer;
    this.scheme = scheme;
    this.trustedProxies = trustedProxies;
    this.joinsTraces = joinsTraces;
    this.memory = memory;
    this.direct = ForwardedFor.of(peer, scheme, 0, HeaderFields.NONE);
  }

  private @Nullable HostName host(String text) {
    if (!text.equals(lastHostText)) {
      lastHost = HostName.parse(text);
      lastHostText = text;
    }
    return lastHost;
  }

  /**
   * Looks at a head.
   *
   * @param millis wall clock, milliseconds since the epoch
   * @param nanos {@link System#nanoTime()}
   */
  Admission admit(RequestHead head, long millis, long nanos) {
    Reading reading = new Reading(head, millis, nanos);
    EdgeError error = reading.check();
    return error == null
        ? new Admission.Admitted(reading.request())
        : new Admission.Refused(reading.refused(), error);
  }

  /** A head that could not even be read; what is known goes to the log. */
  Admission.Refused refuse(RequestHead head, EdgeError error, long millis, long nanos) {
    return new Admission.Refused(new Reading(head, millis, nanos).refused(), error);
  }

  /** What has been understood of one head so far. */
  private final class Reading {
    private final RequestHead head;
    private final long millis;
    private final long nanos;
    private final ForwardedFor forwarded;
    private String target;
    private HostName host = NO_HOST;
    private RequestPath path = NO_PATH;
    private @Nullable String query;

    Reading(RequestHead head, long millis, long nanos) {
      this.head = head;
      this.millis = millis;
      this.nanos = nanos;
      this.target = head.target();
      this.forwarded =
          trustedProxies <= 0
              ? direct
              : ForwardedFor.of(peer, scheme, trustedProxies, head.headers());
    }

    @Nullable EdgeError check() {
      if (!FieldSyntax.isToken(head.method())) {
        return EdgeError.MALFORMED_REQUEST;
      }
      if (head.method().equals("CONNECT") || head.method().equals("TRACE")) {
        return EdgeError.NOT_IMPLEMENTED;
      }
      if (!framingIsClear()) {
        return EdgeError.MALFORMED_REQUEST;
      }
      EdgeError error = readHost();
      if (error != null) {
        return error;
      }
      error = readTarget();
      if (error != null) {
        return error;
      }
      for (String expectation : head.headers().all("expect")) {
        if (!expectation.equalsIgnoreCase("100-continue")) {
          return EdgeError.EXPECTATION_FAILED;
        }
      }
      return null;
    }

    /** RFC 9112, section 6.3; the decoder has refused most of these already. */
    private boolean framingIsClear() {
      List<String> codings = head.headers().all("transfer-encoding");
      List<String> lengths = head.headers().all("content-length");
      if (lengths.size() > 1 || (lengths.size() == 1 && !digits(lengths.getFirst()))) {
        return false;
      }
      return switch (head.protocol()) {
        case HTTP_1_1 ->
            codings.isEmpty()
                || (codings.size() == 1
                    && codings.getFirst().equalsIgnoreCase("chunked")
                    && lengths.isEmpty());
        case HTTP_1_0, HTTP_2 -> codings.isEmpty();
      };
    }

    private @Nullable EdgeError readHost() {
      List<String> hosts = head.headers().all("host");
      String text = hosts.size() == 1 ? hosts.getFirst() : null;
      String asked = head.authority() == null ? text : head.authority();
      if (hosts.size() > 1 || asked == null) {
        return EdgeError.INVALID_HOST;
      }
      HostName parsed = host(asked);
      if (parsed == null || disagree(parsed, text)) {
        return EdgeError.INVALID_HOST;
      }
      host = parsed;
      return null;
    }

    /** RFC 9113, section 8.3.1: Host must not differ from :authority. */
    private boolean disagree(HostName authority, @Nullable String hostField) {
      return hostField != null && !authority.equals(host(hostField));
    }

    private @Nullable EdgeError readTarget() {
      if (target.equals("*") && head.method().equals("OPTIONS")) {
        return null;
      }
      if (!target.startsWith("/")) {
        if (head.protocol() == HttpProtocol.HTTP_2) {
          // RFC 9113, section 8.3.1: an authority has a field of its own, :path has none.
          return EdgeError.MALFORMED_REQUEST;
        }
        EdgeError error = readAbsoluteForm();
        if (error != null) {
          return error;
        }
      }
      int question = target.indexOf('?');
      if (question >= 0) {
        query = target.substring(question + 1);
        if (!validQuery(query)) {
          return EdgeError.MALFORMED_REQUEST;
        }
        target = target.substring(0, question);
      }
      RequestPath parsed = RequestPath.parse(target);
      if (parsed == null) {
        return EdgeError.INVALID_PATH;
      }
      path = parsed;
      return null;
    }

    /**
     * RFC 9112, section 3.2.2: the target's authority replaces the Host field. A client must send
     * the same in both; who differs is read in two ways by two servers.
     */
    private @Nullable EdgeError readAbsoluteForm() {
      int start =
          target.regionMatches(true, 0, "http://", 0, 7)
              ? 7
              : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
      if (start < 0) {
        return EdgeError.MALFORMED_REQUEST;
      }
      int end = start;
      while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
        end++;
      }
      HostName parsed = HostName.parse(target.substring(start, end));
      if (parsed == null || !parsed.equals(host)) {
        return EdgeError.INVALID_HOST;
      }
      host = parsed;
      String rest = target.substring(end);
      target = rest.startsWith("/") ? rest : '/' + rest;
      return null;
    }

    /** With the path as it came, where it has not been understood: nobody routes by it. */
    ViewerRequest refused() {
      if (path.equals(NO_PATH)) {
        path = new RequestPath(RefusedTarget.path(head.target()), "/", false);
      }
      return request();
    }

    ViewerRequest request() {
      HeaderFields headers = head.headers();
      return new ViewerRequest(
          RequestIds.of(millis, joinsTraces ? headers.first("traceparent") : null),
          head.method(),
          forwarded.scheme(),
          host.name(),
          port(),
          path.raw(),
          path.decoded(),
          path.encodedSlash(),
          query,
          headers,
          forwarded.address(),
          head.protocol(),
          nanos,
          memory);
    }

    private int port() {
      if (host.port() > 0) {
        return host.port();
      }
      if (forwarded.port() > 0) {
        return forwarded.port();
      }
      return forwarded.scheme().equals("https") ? 443 : 80;
    }
  }

  private static boolean digits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 18;
  }

  private static boolean validQuery(String query) {
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }
}
