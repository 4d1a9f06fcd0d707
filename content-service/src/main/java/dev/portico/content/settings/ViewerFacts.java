package dev.portico.content.settings;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What origins may be told about viewers, by the names of CloudFront's header fields.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html">Add
 *     CloudFront request headers</a>
 */
final class ViewerFacts {
  /** Those that a gateway really knows. */
  static final List<String> KNOWN =
      List.of(
          "CloudFront-Forwarded-Proto",
          "CloudFront-Is-Android-Viewer",
          "CloudFront-Is-Desktop-Viewer",
          "CloudFront-Is-IOS-Viewer",
          "CloudFront-Is-Mobile-Viewer",
          "CloudFront-Is-SmartTV-Viewer",
          "CloudFront-Is-Tablet-Viewer",
          "CloudFront-Viewer-Address",
          "CloudFront-Viewer-Http-Version",
          "CloudFront-Viewer-TLS");

  private static final Set<String> PLACES =
      Set.of(
          "cloudfront-viewer-asn",
          "cloudfront-viewer-city",
          "cloudfront-viewer-country",
          "cloudfront-viewer-country-name",
          "cloudfront-viewer-country-region",
          "cloudfront-viewer-country-region-name",
          "cloudfront-viewer-latitude",
          "cloudfront-viewer-longitude",
          "cloudfront-viewer-metro-code",
          "cloudfront-viewer-postal-code",
          "cloudfront-viewer-time-zone");

  private static final Set<String> CONNECTIONS =
      Set.of(
          "cloudfront-viewer-header-count",
          "cloudfront-viewer-header-order",
          "cloudfront-viewer-ja3-fingerprint",
          "cloudfront-viewer-ja4-fingerprint");

  private ViewerFacts() {}

  /** Why nothing can be told under this name; null when it can. */
  static @Nullable String refusal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (KNOWN.stream().anyMatch(name::equalsIgnoreCase)) {
      return null;
    }
    if (PLACES.contains(lower)) {
      return "is not known: Portico has no table of where addresses are";
    }
    if (CONNECTIONS.contains(lower)) {
      return "is not known: gateways keep nothing of a viewer's ClientHello, and behind a load"
          + " balancer they see none";
    }
    return "is no fact about a viewer; there are " + String.join(", ", KNOWN);
  }

  /** The name as CloudFront writes it. */
  static String spelled(String name) {
    return KNOWN.stream().filter(name::equalsIgnoreCase).findFirst().orElse(name);
  }
}
