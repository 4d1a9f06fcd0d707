package dev.portico.gateway.connection;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A valid host and port of a Host field or an authority (RFC 9110, section 4.2).
 *
 * @param name in lower case and without a trailing dot; an IPv6 address with its brackets
 * @param port the port, or -1 when none is given
 */
record HostName(String name, int port) {
  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;

  /** Reads a host with optional port; null when it is not valid. User information is not valid. */
  static @Nullable HostName parse(String text) {
    int colon = text.lastIndexOf(':');
    String name = text;
    int port = -1;
    if (colon >= 0 && text.indexOf(']', colon) < 0) {
      port = port(text.substring(colon + 1));
      if (port < 0) {
        return null;
      }
      name = text.substring(0, colon);
    }
    if (name.startsWith("[")) {
      return validAddress(name) ? new HostName(name.toLowerCase(Locale.ROOT), port) : null;
    }
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return validName(name) ? new HostName(lowerCase(name), port) : null;
  }

  /** Reads a port, 1 to 65535; -1 when it is none. */
  static int port(String text) {
    if (text.isEmpty() || text.length() > 5) {
      return -1;
    }
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + c - '0';
    }
    return port >= 1 && port <= 65_535 ? port : -1;
  }

  /** RFC 3986, section 3.2.2: a zone (RFC 6874) means something to the viewer's machine alone. */
  private static boolean validAddress(String name) {
    return name.endsWith("]")
        && name.indexOf('%') < 0
        && name.lastIndexOf('[') == 0
        && NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1));
  }

  private static boolean validName(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return false;
    }
    int label = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (++label > MAX_LABEL || !validCharacter(c)) {
        return false;
      }
    }
    return label > 0;
  }

  private static boolean validCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  private static String lowerCase(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
        return name.toLowerCase(Locale.ROOT);
      }
    }
    return name;
  }
}
