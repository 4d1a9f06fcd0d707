package dev.portico.gateway.access;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers: was a request made by a page of the very host that it goes to? What a browser sends
 * along with cookies may have been made by any page; who made it says {@code Origin} (RFC 6454,
 * section 7), and where that is missing {@code Sec-Fetch-Site} (Fetch Metadata), neither of which a
 * page can set.
 */
public final class OwnOrigin {
  private OwnOrigin() {}

  /** Whether it says that it was; a request that says nothing was not. */
  public static boolean made(ViewerRequest request) {
    HeaderFields fields = request.headers();
    String origin = fields.joined("origin");
    if (origin != null) {
      return origin.equalsIgnoreCase(of(request));
    }
    @Nullable String site = fields.joined("sec-fetch-site");
    return "same-origin".equals(site);
  }

  /**
   * Whether it says that a page of another host made it, or one that hides where it is. Such a
   * request for reading is harmless but for what its time and size tell.
   */
  public static boolean denied(ViewerRequest request) {
    HeaderFields fields = request.headers();
    @Nullable String site = fields.joined("sec-fetch-site");
    String origin = fields.joined("origin");
    return (site != null && !site.equals("same-origin") && !site.equals("none"))
        || (origin != null && !origin.equalsIgnoreCase(of(request)));
  }

  /** The origin of the host that a request goes to, as a browser writes it. */
  public static String of(ViewerRequest request) {
    return request.scheme() + "://" + request.authority();
  }
}
