package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;

/**
 * The security headers of every reply: CloudFront's managed SecurityHeadersPolicy, and two that it
 * lacks. What a service set itself is kept, but for nosniff, as in that policy. A response headers
 * policy of a site has its say on each of them.
 */
public final class SecurityHeaders {
  static final String STRICT_TRANSPORT = "Strict-Transport-Security";

  private static final String PERMISSIONS =
      "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(),"
          + " payment=(), usb=()";

  /** Those of a reply on which no policy has its say. */
  static final List<HeaderRule> DEFAULTS =
      List.of(
          new HeaderRule("X-Content-Type-Options", "nosniff", true),
          new HeaderRule("Referrer-Policy", "strict-origin-when-cross-origin", false),
          new HeaderRule("X-Frame-Options", "SAMEORIGIN", false),
          new HeaderRule("X-XSS-Protection", "1; mode=block", false),
          new HeaderRule("Permissions-Policy", PERMISSIONS, false),
          new HeaderRule("Cross-Origin-Opener-Policy", "same-origin-allow-popups", false),
          new HeaderRule(STRICT_TRANSPORT, "max-age=31536000", false));

  private SecurityHeaders() {}

  /** Adds Portico's own, for replies that are of no site, or are shared by behaviours. */
  public static void addTo(ResponseHead.Builder head, ViewerRequest request) {
    apply(DEFAULTS, head, request);
  }

  /** Applies what the exchange's site wants, or else Portico's own. */
  public static void addTo(ResponseHead.Builder head, ViewerExchange exchange) {
    HeadRules rules = exchange.rules();
    Explanation explanation = exchange.explanation();
    if (explanation != null) {
      explanation.change(head.build(), name -> Explanation.GATEWAY);
    }
    if (rules == null) {
      addTo(head, exchange.request());
    } else {
      rules.apply(head, exchange.request());
    }
    if (explanation != null) {
      explanation.change(head.build(), rules == null ? name -> Explanation.GATEWAY : rules::setBy);
    }
  }

  /** The same head with what the exchange's site wants, or else with Portico's own. */
  public static ResponseHead with(ResponseHead head, ViewerExchange exchange) {
    ResponseHead.Builder builder = head.toBuilder();
    addTo(builder, exchange);
    return builder.build();
  }

  static void apply(List<HeaderRule> rules, ResponseHead.Builder head, ViewerRequest request) {
    boolean strict = strictTransport(request);
    for (HeaderRule rule : rules) {
      // RFC 6797, section 7.2: never over clear text. And a browser that has learnt it for one
      // service on localhost would apply it to all others there.
      if (strict || !rule.name().equals(STRICT_TRANSPORT)) {
        rule.apply(head);
      }
    }
  }

  /** Whether the reply may tell the browser to use HTTPS only. */
  public static boolean strictTransport(ViewerRequest request) {
    return request.secure() && !local(request.host());
  }

  /** Whether a host is this machine, which browsers trust as they do HTTPS. */
  public static boolean local(String host) {
    return host.equals("localhost") || host.endsWith(".localhost");
  }
}
