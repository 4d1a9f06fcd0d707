package dev.portico.content.deployment.csp;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Source expressions (Content Security Policy Level 3, section 2.3.1). */
final class Source {
  static final String SELF = "'self'";
  static final String UNSAFE_INLINE = "'unsafe-inline'";

  /** The longest name of a host (RFC 1035, section 2.3.4). */
  private static final int LONGEST_HOST = 253;

  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "(?is)(?:(https?|wss?):)?//(?:[^/?#@]*+@)?([^/?#:@\\[\\]\\s]++|\\[[0-9a-f:.]++])(:\\d{1,5})?"
              + "(?:[/?#].*)?");
  private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:.]+]");
  private static final Pattern OTHER_HOST = Pattern.compile("(?is)\\s*+(?:https?:|//).*");
  private static final Pattern SCHEME = Pattern.compile("(?is)([a-z][a-z0-9+.-]*+):.*");

  private Source() {}

  /**
   * The source that lets a URL be loaded: a host, {@code data:}, {@code blob:} or {@code 'self'}. A
   * URL without a scheme has the page's, which is HTTPS.
   *
   * @return null when it loads nothing ({@code javascript:}, {@code about:}, {@code mailto:}), or
   *     is none
   */
  static @Nullable String of(String url) {
    // As browsers take a URL: no control characters in it, no spaces around it.
    String text = url.strip().replaceAll("[\\t\\n\\r]", "").replace('\\', '/');
    Matcher absolute = ABSOLUTE.matcher(text);
    if (absolute.matches()) {
      String scheme = absolute.group(1) == null ? "https" : absolute.group(1);
      String port = absolute.group(3) == null ? "" : absolute.group(3);
      String host = host(absolute.group(2));
      return host == null ? null : scheme.toLowerCase(Locale.ROOT) + "://" + host + port;
    }
    Matcher scheme = SCHEME.matcher(text);
    if (scheme.matches()) {
      String name = scheme.group(1).toLowerCase(Locale.ROOT);
      return name.equals("data") || name.equals("blob") ? name + ':' : null;
    }
    return text.isEmpty() || text.startsWith("//") ? null : SELF;
  }

  /** As it stands in a policy, international names by their ASCII form; null when it is none. */
  private static @Nullable String host(String text) {
    try {
      String host = text.startsWith("[") ? text : IDN.toASCII(text);
      String lower = host.toLowerCase(Locale.ROOT);
      return lower.length() <= LONGEST_HOST && HOST.matcher(lower).matches() ? lower : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether a URL without a source means another host all the same. */
  static boolean namesHost(String url) {
    return OTHER_HOST.matcher(url.replace('\\', '/')).matches();
  }

  /** The hash of what stands inline, as browsers compute it: of UTF-8, lines ended by LF. */
  static String hash(String inline) {
    String text = inline.replace("\r\n", "\n").replace('\r', '\n').replace('\0', '\ufffd');
    byte[] digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + '\'';
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
