package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ImmutableNames;
import dev.portico.gateway.site.GradualRelease;
import dev.portico.gateway.site.ReleaseCounts;
import dev.portico.gateway.site.SiteResolution;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Answers: does this viewer have a share in a gradual release? Each viewer draws a number from 0 to
 * 99 with their first page and keeps it in a cookie; the release is for those below its percentage.
 * So whoever has it keeps it when the share is raised, and each release is drawn for anew.
 */
final class ReleaseShare {
  static final String COOKIE = "portico-release";
  private static final int NUMBERS = 100;
  private static final int NONE = -1;
  private static final String MONTH = "2592000";

  private ReleaseShare() {}

  /** Whether the viewer gets the release, and counts the viewer, if the release is counted. */
  static boolean has(
      ViewerExchange exchange, String site, GradualRelease release, ReleaseCounts counts) {
    int number = drawn(exchange, release);
    boolean has = number != NONE && number < release.percent();
    String counted = release.counted();
    if (counted != null && number != NONE) {
      exchange.timeline().share(counts.of(site, counted, has));
    }
    return has;
  }

  /** Whether the viewer gets the release, for what is not the deployment's own answer. */
  static boolean has(ViewerExchange exchange, GradualRelease release) {
    int number = drawn(exchange, release);
    return number != NONE && number < release.percent();
  }

  /**
   * The viewer's number. Adds to the response what makes that last, and keeps caches from giving it
   * to others.
   */
  private static int drawn(ViewerExchange exchange, GradualRelease release) {
    ViewerRequest request = exchange.request();
    boolean immutable = ImmutableNames.matches(request.path());
    if (!immutable) {
      exchange.add("Vary", "Cookie");
    }
    int number = number(request.headers(), release.deployment());
    // A cookie would be kept with it by whoever keeps it, and given to all.
    if (number == NONE && !immutable && forPage(request)) {
      number = ThreadLocalRandom.current().nextInt(NUMBERS);
      exchange.add("Set-Cookie", cookie(request, release.deployment() + '.' + number));
    }
    return number;
  }

  /** Programs and parts of pages do not draw: a page's would each draw a number of their own. */
  private static boolean forPage(ViewerRequest request) {
    String accept = request.headers().first("accept");
    return accept != null && accept.contains("text/html");
  }

  /**
   * What answers for a name with a hash is nobody's file: so it may be another for other viewers,
   * which {@link #drawn} did not say of such a name.
   */
  static void differsByName(ViewerExchange exchange, SiteResolution.Serving site) {
    boolean released = site.release() != null || site.live() != null;
    if (released && ImmutableNames.matches(exchange.request().path())) {
      exchange.add("Vary", "Cookie");
    }
  }

  private static String cookie(ViewerRequest request, String value) {
    return COOKIE
        + '='
        + value
        + "; Path=/; Max-Age="
        + MONTH
        + "; HttpOnly; SameSite=Lax"
        + (request.secure() ? "; Secure" : "");
  }

  /** The number that the viewer drew for the release of this deployment. */
  private static int number(HeaderFields fields, String deployment) {
    for (String line : fields.all("cookie")) {
      for (String pair : line.split(";", -1)) {
        String value = value(pair.strip(), deployment);
        if (value != null) {
          return number(value);
        }
      }
    }
    return NONE;
  }

  private static @Nullable String value(String pair, String deployment) {
    String prefix = COOKIE + '=' + deployment + '.';
    return pair.startsWith(prefix) ? pair.substring(prefix.length()) : null;
  }

  private static int number(String digits) {
    if (digits.isEmpty()
        || digits.length() > 2
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return NONE;
    }
    return Integer.parseInt(digits);
  }
}
