package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The CORS protocol (Fetch standard, section 3.3) as a policy wants it. */
final class CorsRules {
  private static final String ANY = "*";
  private static final String SCHEME_END = "://";
  private static final List<String> SCHEMES = List.of("http", "https");

  /** All that an origin server could say by this protocol. */
  private static final List<String> FIELDS =
      List.of(
          "Access-Control-Allow-Origin",
          "Access-Control-Allow-Credentials",
          "Access-Control-Allow-Headers",
          "Access-Control-Allow-Methods",
          "Access-Control-Expose-Headers",
          "Access-Control-Max-Age");

  private final boolean any;
  private final boolean credentials;
  private final boolean override;
  private final Set<String> exact = new HashSet<>();
  private final List<Below> below = new ArrayList<>();
  private final String headers;
  private final String methods;
  private final String exposed;
  private final String maxAge;

  /**
   * The origins of all names below one.
   *
   * @param start scheme and {@code ://}
   * @param end from the dot before the name to the port
   */
  private record Below(String start, String end) {
    boolean holds(String origin) {
      int from = start.length();
      int to = origin.length() - end.length();
      if (to <= from || !origin.startsWith(start) || !origin.endsWith(end)) {
        return false;
      }
      for (int i = from; i < to; i++) {
        if (!ofAName(origin.charAt(i))) {
          return false;
        }
      }
      return true;
    }

    private static boolean ofAName(char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    }
  }

  CorsRules(Cors cors) {
    this.any = cors.allowOrigins().contains(ANY);
    this.credentials = cors.allowCredentials();
    this.override = cors.originOverride();
    this.headers = String.join(", ", cors.allowHeaders());
    this.methods = String.join(", ", cors.allowMethods());
    this.exposed = String.join(", ", cors.exposeHeaders());
    this.maxAge = Long.toString(cors.maxAgeSeconds());
    for (String origin : cors.allowOrigins()) {
      // A browser writes origins in lower case (URL standard, section 4.7).
      String lower = origin.toLowerCase(Locale.ROOT);
      int end = lower.indexOf(SCHEME_END);
      if (end >= 0) {
        add(lower.substring(0, end), lower.substring(end + SCHEME_END.length()));
      } else {
        SCHEMES.forEach(scheme -> add(scheme, lower));
      }
    }
  }

  private void add(String scheme, String host) {
    String start = scheme + SCHEME_END;
    if (host.startsWith("*.")) {
      below.add(new Below(start, host.substring(1)));
    } else {
      exact.add(start + host);
    }
  }

  /**
   * Whether a request asks what another one may do (Fetch standard, section 4.8): it is for whoever
   * decides on that and not for the resource.
   */
  static boolean isPreflight(ViewerRequest request) {
    return request.method().equals("OPTIONS")
        && request.headers().contains("origin")
        && request.headers().contains("access-control-request-method");
  }

  /** Whether this holds for responses that say something themselves. */
  boolean override() {
    return override;
  }

  /** The request's origin if it may read; empty if not; null when the request does not matter. */
  @Nullable String variant(ViewerRequest request) {
    if (any) {
      return null;
    }
    List<String> origins = request.headers().all("origin");
    return origins.size() == 1 && allows(origins.getFirst()) ? origins.getFirst() : "";
  }

  private boolean allows(String origin) {
    if (exact.contains(origin)) {
      return true;
    }
    for (Below each : below) {
      if (each.holds(origin)) {
        return true;
      }
    }
    return false;
  }

  void apply(ResponseHead.Builder head, ViewerRequest request) {
    if (override) {
      FIELDS.forEach(head::remove);
    } else if (FIELDS.stream().anyMatch(head::has)) {
      // All or nothing: one server's origin with another's permission would allow what neither did.
      return;
    }
    String variant = variant(request);
    String allowed = variant == null ? ANY : variant;
    if (variant != null && !head.lists("Vary", "Origin") && !head.lists("Vary", ANY)) {
      // Also where nobody is allowed: a cache would give that answer to those who are.
      head.add("Vary", "Origin");
    }
    if (allowed.isEmpty()) {
      return;
    }
    head.add("Access-Control-Allow-Origin", allowed);
    if (credentials) {
      head.add("Access-Control-Allow-Credentials", "true");
    }
    if (isPreflight(request)) {
      head.add("Access-Control-Allow-Methods", methods);
      addUnlessEmpty(head, "Access-Control-Allow-Headers", headers);
      head.add("Access-Control-Max-Age", maxAge);
    } else {
      addUnlessEmpty(head, "Access-Control-Expose-Headers", exposed);
    }
  }

  private static void addUnlessEmpty(ResponseHead.Builder head, String name, String value) {
    if (!value.isEmpty()) {
      head.add(name, value);
    }
  }
}
