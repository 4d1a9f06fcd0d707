package dev.portico.gateway.access;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.Locale;

/**
 * Answers: does a person wait for a page, who can be led through a sign-in, or a program, which
 * needs a status?
 */
public final class PageRequest {
  private PageRequest() {}

  /**
   * Whether a browser asks for what it will show in place of the page that it shows now. Browsers
   * say so ({@code Sec-Fetch-Mode}, Fetch Metadata); of others Accept is the best sign.
   */
  public static boolean is(ViewerRequest request) {
    HeaderFields fields = request.headers();
    String mode = fields.first("sec-fetch-mode");
    if (mode != null) {
      return mode.equals("navigate");
    }
    String accept = fields.joined("accept");
    String with = fields.first("x-requested-with");
    return accept != null
        && accept.toLowerCase(Locale.ROOT).contains("text/html")
        && !"XMLHttpRequest".equalsIgnoreCase(with);
  }
}
