package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.FieldSyntax;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.ViewerFact;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers: which header fields of a message go on to the next hop? */
public final class ForwardedRequest {
  /** How this gateway names itself in Via (RFC 9110, section 7.6.3). */
  public static final String PSEUDONYM = "portico";

  /** By which origins are told who a request is from; in lower case. */
  private static final String IDENTITY_TOKEN = "portico-identity-token";

  // RFC 9110, section 7.6.1, and what older software treats alike.
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /**
   * What proxies say. Besides the way of a request applications believe who it is from by such
   * names (X-Forwarded-User, X-Forwarded-Groups), since the proxies that they know set these
   * themselves.
   */
  private static final String FORWARDED_PREFIX = "x-forwarded-";

  // Said by this gateway alone: what the viewer claims under these names would be believed.
  private static final Set<String> OURS =
      Set.of("host", "content-length", "forwarded", "x-real-ip", "x-request-id", "traceparent");

  // RFC 9110, section 6.5.1: framing, routing, request modifiers, authentication, response control
  // data, and what says how to process the content.
  private static final Set<String> NO_TRAILERS =
      Set.of(
          "accept-encoding",
          "age",
          "authorization",
          "cache-control",
          "cdn-cache-control",
          "content-disposition",
          "content-encoding",
          "content-location",
          "content-range",
          "content-security-policy",
          "content-type",
          "cookie",
          "date",
          "expect",
          "expires",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "last-modified",
          "location",
          "max-forwards",
          "origin",
          "pragma",
          "proxy-authentication-info",
          "range",
          "retry-after",
          "sec-websocket-accept",
          "set-cookie",
          "strict-transport-security",
          "vary",
          "via",
          "www-authenticate");

  private ForwardedRequest() {}

  /**
   * The fields of a request to a service of Portico's own, without Host and framing.
   *
   * @param request the viewer's
   */
  public static HttpHeaders headers(ViewerRequest request) {
    return headers(request, name -> true);
  }

  private static HttpHeaders headers(ViewerRequest request, Predicate<String> passed) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    Set<String> told = request.headers().told();
    endToEnd(
        request.headers(),
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          // RFC 9110, section 10.1.1: HTTP/1.0 has no expectations.
          boolean meansNothing =
              lower.equals("expect") && request.protocol() == HttpProtocol.HTTP_1_0;
          boolean viewers = !isOurs(lower) && !told.contains(lower);
          if (viewers && !meansNothing && passed.test(lower)) {
            headers.add(name, value);
          }
        });
    // Whatever the viewer calls hop-by-hop.
    told.forEach(name -> headers.set(name, request.headers().all(name)));
    headers.set("x-forwarded-for", request.clientAddress());
    headers.set("x-forwarded-proto", request.scheme());
    headers.set("x-forwarded-host", request.authority());
    headers.set("x-forwarded-port", Integer.toString(request.port()));
    headers.set("x-request-id", request.requestId());
    headers.set("traceparent", request.ids().traceparent());
    if (request.ids().sentTraceparent() == null) {
      headers.remove("tracestate"); // It goes with a traceparent that is none (section 4.3).
    }
    headers.add(HttpHeaderNames.VIA, via(request.protocol().label()));
    return headers;
  }

  /**
   * The fields of a request to an origin of a team's: those that a service gets, Forwarded (RFC
   * 7239), and the viewer's willingness to take trailers, which the gateway passes on.
   *
   * @param request the viewer's
   */
  public static HttpHeaders toOrigin(ViewerRequest request) {
    HttpHeaders headers = toOrigin(request, name -> true);
    if (request.headers().lists("te", "trailers")) {
      headers.set(HttpHeaderNames.TE, "trailers");
    }
    String announced = announced(request.headers());
    if (announced != null) {
      headers.set(HttpHeaderNames.TRAILER, announced);
    }
    return headers;
  }

  /**
   * As above, with a choice of the viewer's fields, and without trailers: for an answer that is
   * shared, which has none. In either case without what is named like a {@link ViewerFact}: origins
   * believe that, and a viewer must not be able to say it.
   *
   * @param passed which of them go on, by their names in lower case
   */
  public static HttpHeaders toOrigin(ViewerRequest request, Predicate<String> passed) {
    HttpHeaders headers = headers(request, name -> !isFact(name) && passed.test(name));
    headers.set("forwarded", forwarded(request));
    return headers;
  }

  /** RFC 7239, section 4; an IPv6 address is quoted and in brackets (section 6.1). */
  static String forwarded(ViewerRequest request) {
    String client = request.clientAddress();
    String node = client.indexOf(':') < 0 ? client : "\"[" + client + "]\"";
    String host = request.authority();
    String named = host.indexOf(':') < 0 ? host : '"' + host + '"';
    return "for=" + node + ";host=" + named + ";proto=" + request.scheme();
  }

  /**
   * The fields of a trailer section that are passed on: none that a recipient needs before the
   * body, or that says where the message goes or how it is framed (RFC 9110, section 6.5.1).
   */
  public static HttpHeaders trailers(HeaderFields trailers) {
    HttpHeaders kept = DefaultHttpHeadersFactory.trailersFactory().newHeaders();
    trailers.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (mayTrail(lower)) {
            kept.add(name, value);
          }
        });
    return kept;
  }

  /** Servers that hand fields on as variables take an underscore for a hyphen. */
  private static boolean isOurs(String lower) {
    String meant = lower.replace('_', '-');
    return OURS.contains(meant)
        || meant.equals(IDENTITY_TOKEN)
        || meant.startsWith(FORWARDED_PREFIX);
  }

  private static boolean isFact(String lower) {
    return lower.replace('_', '-').startsWith(ViewerFact.PREFIX);
  }

  private static boolean mayTrail(String lower) {
    String meant = lower.replace('_', '-');
    return !HOP_BY_HOP.contains(meant)
        && !isOurs(lower)
        && !NO_TRAILERS.contains(meant)
        && !isFact(lower);
  }

  /**
   * What a message announces of its trailer section (Trailer; RFC 9110, section 6.6.2), without the
   * fields that are not passed on; null for nothing.
   */
  public static @Nullable String announced(HeaderFields fields) {
    String trailer = fields.joined("trailer");
    if (trailer == null) {
      return null;
    }
    StringJoiner names = new StringJoiner(", ");
    for (String entry : trailer.split(",", -1)) {
      String name = entry.strip();
      if (FieldSyntax.isToken(name) && mayTrail(name.toLowerCase(Locale.ROOT))) {
        names.add(name);
      }
    }
    return names.length() == 0 ? null : names.toString();
  }

  /** This gateway's entry in Via for a message received over {@code protocol}, as HTTP/1.1. */
  public static String via(String protocol) {
    return protocol.substring(protocol.indexOf('/') + 1) + ' ' + PSEUDONYM;
  }

  /** Calls {@code action} with every field that is meant for more than the next hop. */
  public static void endToEnd(HeaderFields fields, BiConsumer<String, String> action) {
    Set<String> named = named(fields.all("connection"));
    fields.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!HOP_BY_HOP.contains(lower) && !named.contains(lower)) {
            action.accept(name, value);
          }
        });
  }

  /** What the Connection field names is for this hop too. */
  private static Set<String> named(List<String> connection) {
    if (connection.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String line : connection) {
      for (String option : line.split(",", -1)) {
        names.add(option.strip().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
