package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * The security headers of every reply: CloudFront's managed SecurityHeadersPolicy, and two that it
 * lacks. What a service set itself is kept, but for nosniff, as in that policy.
 */
final class SecurityHeaders {
  private static final String PERMISSIONS =
      "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(),"
          + " payment=(), usb=()";

  private SecurityHeaders() {}

  static void addTo(ResponseHead.Builder head, ViewerRequest request) {
    head.set("X-Content-Type-Options", "nosniff")
        .addIfAbsent("Referrer-Policy", "strict-origin-when-cross-origin")
        .addIfAbsent("X-Frame-Options", "SAMEORIGIN")
        .addIfAbsent("X-XSS-Protection", "1; mode=block")
        .addIfAbsent("Permissions-Policy", PERMISSIONS)
        .addIfAbsent("Cross-Origin-Opener-Policy", "same-origin-allow-popups");
    // RFC 6797, section 7.2: never over clear text. And a browser that has learnt it for one
    // service on localhost would apply it to all others there.
    if (strictTransport(request)) {
      head.addIfAbsent("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /** The same head with the security headers. */
  static ResponseHead with(ResponseHead head, ViewerRequest request) {
    ResponseHead.Builder builder = head.toBuilder();
    addTo(builder, request);
    return builder.build();
  }

  /** Whether the reply tells the browser to use HTTPS only. */
  static boolean strictTransport(ViewerRequest request) {
    return request.secure() && !local(request.host());
  }

  private static boolean local(String host) {
    return host.equals("localhost") || host.endsWith(".localhost");
  }
}
