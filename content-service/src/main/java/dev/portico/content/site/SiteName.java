package dev.portico.content.site;

import dev.portico.content.error.Problem;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * May a site have this name? It becomes a DNS label, alone and after {@code preview--}, so that it
 * has no {@code --} and at most 30 characters (design section 4).
 */
final class SiteName {
  private static final int SHORTEST = 3;
  private static final int LONGEST = 30;
  private static final Pattern FORM = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /** Names that viewers could take for Portico's own or the operator's. */
  private static final Set<String> RESERVED =
      Set.of(
          "about",
          "abuse",
          "account",
          "accounts",
          "admin",
          "admins",
          "administrator",
          "api",
          "app",
          "apps",
          "assets",
          "auth",
          "autoconfig",
          "autodiscover",
          "billing",
          "blog",
          "broadcasthost",
          "cdn",
          "cognito",
          "config",
          "console",
          "content",
          "dashboard",
          "dns",
          "docs-internal",
          "email",
          "ftp",
          "gateway",
          "health",
          "help",
          "hostmaster",
          "http",
          "https",
          "id",
          "imap",
          "internal",
          "isatap",
          "localdomain",
          "localhost",
          "login",
          "logout",
          "mail",
          "management",
          "metrics",
          "mta-sts",
          "mx",
          "ns",
          "ns1",
          "ns2",
          "oauth",
          "oauth2",
          "ops",
          "pop",
          "pop3",
          "portico",
          "postmaster",
          "preview",
          "private",
          "prometheus",
          "public",
          "root",
          "security",
          "server",
          "session",
          "sessions",
          "sign-in",
          "sign-out",
          "sign-up",
          "signin",
          "signout",
          "signup",
          "smtp",
          "ssl",
          "sso",
          "static",
          "status",
          "support",
          "sysadmin",
          "system",
          "tls",
          "token",
          "usenet",
          "uucp",
          "v1",
          "webmaster",
          "webmail",
          "well-known",
          "wpad",
          "www",
          "www-data");

  private SiteName() {}

  /**
   * Lets a good name pass.
   *
   * @throws Problem 400 for a bad form, 422 for a reserved name
   */
  static void check(String name) {
    if (name.length() < SHORTEST || name.length() > LONGEST) {
      throw Problem.invalid("name", "is not " + SHORTEST + " to " + LONGEST + " characters long");
    }
    if (!FORM.matcher(name).matches()) {
      throw Problem.invalid(
          "name",
          "holds something else than lower-case letters, digits and single hyphens between them");
    }
    if (RESERVED.contains(name)) {
      throw Problem.unprocessable("name-reserved", "The name " + name + " is reserved.")
          .field("name", "is reserved");
    }
  }
}
