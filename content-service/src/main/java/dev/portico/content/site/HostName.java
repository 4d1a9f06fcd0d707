package dev.portico.content.site;

import dev.portico.content.error.Problem;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/** May a site be served under this host name? */
final class HostName {
  private static final int LONGEST = 253;
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern NUMERIC_END = Pattern.compile(".*\\.(\\d+|0x[0-9a-f]*)");

  private HostName() {}

  /**
   * The name in its one form: A-labels (RFC 5890), lower case, no final dot.
   *
   * @throws Problem 400 when it is no host name
   */
  static String normalise(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    try {
      name = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw invalid();
    }
    if (name.length() > LONGEST
        || !FORM.matcher(name).matches()
        || NUMERIC_END.matcher(name).matches()) {
      throw invalid();
    }
    return name;
  }

  /** Whether the name is the domain or below it. */
  static boolean under(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /**
   * Whether one is the other or below it: then pages of the upper one set cookies that the lower
   * one is sent (RFC 6265, section 5.1.3).
   */
  static boolean related(String host, String domain) {
    return under(host, domain) || under(domain, host);
  }

  private static Problem invalid() {
    return Problem.invalid("host", "is not a host name with at least two labels");
  }
}
