package dev.portico.content.settings;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the text of an origin's host is; nothing is resolved. */
final class OriginHost {
  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");

  private static final int LONGEST_NAME = 253;

  private static final Pattern DOTTED =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}(?<!\\.)");

  private static final Pattern COLONS = Pattern.compile("[0-9a-f:]*:[0-9a-f:.]*");

  /** Names that end so may be read as an address in some notation, such as 0x7f.1. */
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

  private OriginHost() {}

  /** The form in which a host is kept. */
  static String normalise(String given) {
    return given.toLowerCase(Locale.ROOT);
  }

  /** Whether it has the form of a DNS name, and cannot be taken for an address. */
  static boolean name(String host) {
    return host.length() <= LONGEST_NAME
        && NAME.matcher(host).matches()
        && !NUMERIC_END.matcher(host).matches();
  }

  /**
   * The address that a normalised host is; null when it is none. Of the notations of IPv4 only four
   * decimal numbers count, of IPv6 none with a zone.
   */
  static @Nullable InetAddress address(String host) {
    try {
      if (DOTTED.matcher(host).matches()) {
        return Inet4Address.ofLiteral(host);
      }
      return COLONS.matcher(host).matches() ? Inet6Address.ofLiteral(host) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
