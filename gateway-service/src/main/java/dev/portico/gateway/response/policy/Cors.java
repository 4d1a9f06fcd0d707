package dev.portico.gateway.response.policy;

import java.util.List;

/**
 * Who else may read a site's responses, as its settings say: CloudFront's words for the CORS
 * protocol (Fetch standard, section 3.3).
 *
 * @param allowCredentials whether requests with cookies may be made
 * @param allowHeaders fields that requests may have besides the ordinary ones, or {@code *}
 * @param allowMethods methods
 * @param allowOrigins {@code *} alone, or origins; without a scheme both are meant, and the first
 *     label may be {@code *}
 * @param exposeHeaders fields that scripts may read besides the ordinary ones, or {@code *}
 * @param maxAgeSeconds how long browsers may remember the answer to a preflight
 * @param originOverride whether this holds for responses that have such fields already
 */
public record Cors(
    boolean allowCredentials,
    List<String> allowHeaders,
    List<String> allowMethods,
    List<String> allowOrigins,
    List<String> exposeHeaders,
    long maxAgeSeconds,
    boolean originOverride) {
  /** Makes the lists immutable. */
  public Cors {
    allowHeaders = List.copyOf(allowHeaders);
    allowMethods = List.copyOf(allowMethods);
    allowOrigins = List.copyOf(allowOrigins);
    exposeHeaders = List.copyOf(exposeHeaders);
  }
}
