package dev.portico.gateway.routing;

import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * Answers: may a viewer come over clear text? CloudFront's three policies.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html">Require
 *     HTTPS between viewers and CloudFront</a>
 */
public enum ViewerProtocol {
  /** Over clear text and over TLS. */
  ALLOW_ALL("allow-all"),
  /** Whoever comes over clear text is sent to the same address over TLS. */
  REDIRECT_TO_HTTPS("redirect-to-https"),
  /** Whoever comes over clear text is refused. */
  HTTPS_ONLY("https-only");

  /** The verdict on a request that may go on. */
  public static final int ADMITTED = 0;

  private static final int MOVED_PERMANENTLY = 301;
  private static final int TEMPORARY_REDIRECT = 307;
  private static final int FORBIDDEN = 403;

  private final String word;

  ViewerProtocol(String word) {
    this.word = word;
  }

  /**
   * The policy of this name in a site's settings.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static ViewerProtocol of(String word) {
    for (ViewerProtocol each : values()) {
      if (each.word.equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("the viewer protocol \"" + word + '"');
  }

  /**
   * The status of the answer to a request that must not go on: 301 or 307 to the same address over
   * TLS, or 403; {@link #ADMITTED} for one that may. Of a redirect that is 301 a browser would
   * repeat a POST as GET (RFC 9110, section 15.4.2), and HTTP/1.0 knows no 307, so that CloudFront
   * refuses it there.
   */
  public int judge(ViewerRequest request) {
    if (this == ALLOW_ALL || request.secure()) {
      return ADMITTED;
    }
    if (this == HTTPS_ONLY) {
      return FORBIDDEN;
    }
    if (request.head() || request.method().equals("GET")) {
      return MOVED_PERMANENTLY;
    }
    return request.protocol() == HttpProtocol.HTTP_1_0 ? FORBIDDEN : TEMPORARY_REDIRECT;
  }
}
