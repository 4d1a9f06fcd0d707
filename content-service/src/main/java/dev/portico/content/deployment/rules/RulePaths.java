package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What paths, hosts and placeholders of rules may be made of. */
final class RulePaths {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
  private static final Pattern PLACEHOLDER = Pattern.compile(":(" + NAME.pattern() + ")");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
  // RFC 3986, sections 2.2 and 2.3: all that need not be escaped somewhere in a URI.
  private static final String URI_SYMBOLS = "-._~:/?#[]@!$&'()*+,;=";

  private RulePaths() {}

  /**
   * The address of a rule, taken apart.
   *
   * @param scheme {@code http} or {@code https}; null for a path alone
   * @param authority host and perhaps port; null for a path alone
   * @param path all after that, starting with a slash
   */
  record Address(@Nullable String scheme, @Nullable String authority, String path) {}

  /** Whether it says on which host, as opposed to a path alone. */
  static boolean isUrl(String text) {
    return text.startsWith("http://") || text.startsWith("https://");
  }

  /** Takes a path or URL apart, of which only the scheme has been looked at. */
  static Address address(String text) {
    if (!isUrl(text)) {
      return new Address(null, null, text);
    }
    int start = text.indexOf("//") + 2;
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String rest = text.substring(end);
    return new Address(
        text.substring(0, start - 3),
        text.substring(start, end),
        rest.startsWith("/") ? rest : '/' + rest);
  }

  /** The host of a rule's path, in lower case. */
  static String host(String authority) {
    if (!HOST.matcher(authority).matches()) {
      throw new RuleRejected(
          quoted(authority) + " is not a host name; port and placeholders are not possible here");
    }
    return authority.toLowerCase(Locale.ROOT);
  }

  /** Checks the authority to which a rule leads: fixed, or a viewer could choose where he goes. */
  static void checkTarget(String authority) {
    int colon = authority.indexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String port = colon < 0 ? "80" : authority.substring(colon + 1);
    if (!HOST.matcher(host).matches() || !isPort(port)) {
      throw new RuleRejected(
          quoted(authority)
              + " is not a host name with or without port; placeholders are not possible in it");
    }
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 65_535;
  }

  /** How often one of these names stands in a text, as gateways look for them. */
  static int placeholders(String text, Set<String> names) {
    int found = 0;
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      found += names.contains(matcher.group(1)) ? 1 : 0;
    }
    return found;
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** What the escapes of a segment stand for; its faults. */
  static String decoded(String segment) {
    byte[] bytes = new byte[segment.length() * 3];
    int length = 0;
    for (int i = 0; i < segment.length(); ) {
      int c = segment.codePointAt(i);
      if (c == '%') {
        bytes[length++] = (byte) escape(segment, i);
        i += 3;
      } else {
        byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        i += Character.charCount(c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new RuleRejected(quoted(segment) + " has escapes that are not UTF-8");
    }
  }

  private static int escape(String text, int percent) {
    int high = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 1), 16) : -1;
    int low = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 2), 16) : -1;
    if (high < 0 || low < 0) {
      throw new RuleRejected(quoted(text) + " has a % without two hexadecimal digits");
    }
    return high << 4 | low;
  }

  /** Checks a segment's text, escapes included, as the path of a request may have it. */
  static void checkSegment(String segment) {
    String decoded = decoded(segment);
    if (decoded.equals(".") || decoded.equals("..")) {
      throw new RuleRejected("no request has the segment " + quoted(segment));
    }
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (c == '/' || c == '\\' || Character.isISOControl(c)) {
        throw new RuleRejected(
            quoted(segment) + " has a slash, backslash or control character in it");
      }
    }
  }

  /** A destination with all escaped that must be: what else it may have is checked. */
  static String encoded(String target) {
    StringBuilder encoded = new StringBuilder(target.length());
    for (int i = 0; i < target.length(); ) {
      int c = target.codePointAt(i);
      if (c == '\\' || c == '"' || c == '<' || c == '>') {
        throw new RuleRejected("the destination has a " + (char) c + " that must be escaped");
      } else if (c == '%') {
        escape(target, i);
        encoded.append('%');
      } else if (c < 0x80 && (Character.isLetterOrDigit(c) || URI_SYMBOLS.indexOf(c) >= 0)) {
        encoded.append((char) c);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
        }
      }
      i += Character.charCount(c);
    }
    return encoded.toString();
  }
}
