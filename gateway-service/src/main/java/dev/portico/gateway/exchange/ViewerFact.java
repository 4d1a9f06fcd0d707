package dev.portico.gateway.exchange;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be told about a viewer, by the names of CloudFront's header fields.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html">Add
 *     CloudFront request headers</a>
 */
public enum ViewerFact {
  /** The scheme that the viewer used. */
  FORWARDED_PROTO("cloudfront-forwarded-proto"),
  /** Whether User-Agent is of Android. */
  ANDROID("cloudfront-is-android-viewer"),
  /** Whether User-Agent is of neither a telephone nor a tablet nor a television. */
  DESKTOP("cloudfront-is-desktop-viewer"),
  /** Whether User-Agent is of an iPhone, iPad or iPod. */
  IOS("cloudfront-is-ios-viewer"),
  /** Whether User-Agent is a telephone's. */
  MOBILE("cloudfront-is-mobile-viewer"),
  /** Whether User-Agent is a television's, or that of a device at one. */
  TELEVISION("cloudfront-is-smarttv-viewer"),
  /** Whether User-Agent is a tablet's. */
  TABLET("cloudfront-is-tablet-viewer"),
  /** The IP address; without a port, which is not known behind proxies. */
  ADDRESS("cloudfront-viewer-address"),
  /** The version of HTTP, where no proxy stands between. */
  HTTP_VERSION("cloudfront-viewer-http-version"),
  /** The TLS handshake of the connection, where no proxy stands between. */
  TLS("cloudfront-viewer-tls");

  /** What the names of all such header fields begin with, in lower case. */
  public static final String PREFIX = "cloudfront-";

  private static final List<String> IOS_DEVICES = List.of("iPhone", "iPad", "iPod");

  /** HbbTV is what Europe's broadcasters have agreed on; the others are makers' own words. */
  private static final List<String> TELEVISIONS =
      List.of(
          "SmartTV",
          "SMART-TV",
          "Smart TV",
          "Smart-TV",
          "HbbTV",
          "Web0S",
          "AppleTV",
          "Apple TV",
          "GoogleTV",
          "Google TV",
          "Android TV",
          "BRAVIA",
          "Roku",
          "CrKey");

  private final String field;

  ViewerFact(String field) {
    this.field = field;
  }

  /** The name of the header field, in lower case. */
  public String field() {
    return field;
  }

  /** The fact under a header field's name in any case; null when there is none. */
  public static @Nullable ViewerFact named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (ViewerFact each : values()) {
      if (each.field.equals(lower)) {
        return each;
      }
    }
    return null;
  }

  /**
   * What is told of a viewer; null when it is not known.
   *
   * @param direct whether the viewer's connection is this gateway's, with no proxy between
   */
  public @Nullable String of(ViewerRequest request, boolean direct) {
    return switch (this) {
      case FORWARDED_PROTO -> request.scheme();
      case ANDROID -> Boolean.toString(agent(request).contains("Android"));
      case DESKTOP -> Boolean.toString(Device.of(request) == Device.DESKTOP);
      case IOS -> Boolean.toString(IOS_DEVICES.stream().anyMatch(agent(request)::contains));
      case MOBILE -> Boolean.toString(Device.of(request) == Device.MOBILE);
      case TELEVISION -> Boolean.toString(Device.of(request) == Device.TELEVISION);
      case TABLET -> Boolean.toString(Device.of(request) == Device.TABLET);
      case ADDRESS -> request.clientAddress();
      case HTTP_VERSION -> direct ? version(request.protocol()) : null;
      case TLS -> direct ? request.memory().handshake() : null;
    };
  }

  /** As sent; empty when it is not there. */
  private static String agent(ViewerRequest request) {
    String agent = request.headers().first("user-agent");
    return agent == null ? "" : agent;
  }

  private static String version(HttpProtocol protocol) {
    return switch (protocol) {
      case HTTP_1_0 -> "1.0";
      case HTTP_1_1 -> "1.1";
      case HTTP_2 -> "2.0";
    };
  }

  /** What a viewer has before it, as far as User-Agent tells. */
  private enum Device {
    DESKTOP,
    MOBILE,
    TABLET,
    TELEVISION;

    /** Android's tablets leave out the word that its telephones have. */
    static Device of(ViewerRequest request) {
      String agent = agent(request);
      // First: televisions run Android, too, and some call themselves tablets.
      if (TELEVISIONS.stream().anyMatch(agent::contains)) {
        return TELEVISION;
      }
      boolean mobile = agent.contains("Mobi");
      boolean tablet =
          agent.contains("iPad")
              || agent.contains("Tablet")
              || (agent.contains("Android") && !mobile);
      return tablet ? TABLET : mobile ? MOBILE : DESKTOP;
    }
  }
}
