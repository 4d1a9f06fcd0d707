package dev.portico.auth.pages;

import java.util.ArrayList;
import java.util.List;

/**
 * What browsers may do with a page: no scripts, no frames around it, pictures and styles of this
 * host, the site's logo; and forms that lead back to the site.
 *
 * @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
 */
final class PagePolicy {
  private PagePolicy() {}

  /** The policy of a page. */
  static String of(Visit visit, View view) {
    List<String> pictures = new ArrayList<>(List.of("'self'"));
    String logo = visit.brand().logoOrigin();
    if (logo != null) {
      pictures.add(logo);
    }
    if (view.enrolment() != null) {
      pictures.add("data:"); // the QR code
    }
    // Browsers hold the redirects after a form to this, too.
    String forms = visit.returns().isEmpty() ? "'self'" : "'self' " + visit.returns();
    return "default-src 'none'; style-src 'self'; img-src "
        + String.join(" ", pictures)
        + "; form-action "
        + forms
        + "; base-uri 'none'; frame-ancestors 'none'";
  }
}
