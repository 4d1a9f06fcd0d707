package dev.portico.gateway.routing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers: which file of a deployment does a path mean? docs/serving.md has the rules as text. */
public final class FileSelector {
  /** Files that tell the gateway what to do; they are read by it and shown to nobody. */
  static final Set<String> CONTROL_FILES = Set.of("/_headers", "/_redirects", "/portico.yml");

  private static final String INDEX = "index.html";
  // RFC 3986, section 3.3: what a path segment may hold as it is, and the slash between segments.
  private static final String PATH_SAFE = "-._~!$&'()*+,;=:@/";

  private FileSelector() {}

  /**
   * Selects the file.
   *
   * @param files the deployment
   * @param path the decoded path without dot segments, starting with {@code /}
   * @param query the query as sent, kept by a redirect; null when there is none
   */
  public static FileSelection select(SiteFiles files, String path, @Nullable String query) {
    if (CONTROL_FILES.contains(path)) {
      return new FileSelection.Missing(files.nearestErrorPage(path));
    }
    boolean folder = path.endsWith("/");
    SiteFile file = files.find(folder ? path + INDEX : path);
    if (file != null) {
      return new FileSelection.Serve(file);
    }
    // A location that starts with two slashes names another host (RFC 3986, section 4.2).
    if (!folder && !path.startsWith("//") && files.find(path + '/' + INDEX) != null) {
      return new FileSelection.RedirectToFolder(location(path, query));
    }
    return new FileSelection.Missing(files.nearestErrorPage(path));
  }

  private static String location(String path, @Nullable String query) {
    StringBuilder location = new StringBuilder(path.length() + 16);
    encode(location, path, PATH_SAFE);
    location.append('/');
    if (query != null) {
      location.append('?');
      encode(location, query, PATH_SAFE + "?%[]^|{}`\"");
    }
    return location.toString();
  }

  private static void encode(StringBuilder to, String text, String safe) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || safe.indexOf(c) >= 0);
      if (plain) {
        to.append(c);
      } else {
        to.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
  }
}
