package dev.portico.content.deployment.manifest;

import java.text.Normalizer;
import java.util.Optional;

/**
 * What a path of a deployment must look like. The same rules hold for entries of archives and for
 * manifests, so that whatever is stored can be asked for by a URL, downloaded into a directory of
 * any operating system, and compared byte by byte.
 */
public final class PathRules {
  private PathRules() {}

  /** Why {@code path} cannot be published, or empty when it can. */
  public static Optional<String> fault(String path, int maxBytes) {
    if (path.isEmpty() || path.charAt(0) != '/') {
      return Optional.of("must start with /");
    }
    if (path.length() == 1 || path.charAt(path.length() - 1) == '/') {
      return Optional.of("must name a file, not a directory");
    }
    int bytes = 0;
    int segment = 1;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isHighSurrogate(c)) {
        if (i + 1 == path.length() || !Character.isLowSurrogate(path.charAt(i + 1))) {
          return Optional.of("is not valid Unicode");
        }
        i++;
        bytes += 4;
        continue;
      }
      if (Character.isLowSurrogate(c)) {
        return Optional.of("is not valid Unicode");
      }
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        return Optional.of("contains a control character");
      }
      if (c == '\\') {
        return Optional.of("contains a backslash");
      }
      if (c == '/' && i > 0) {
        Optional<String> fault = segmentFault(path, segment, i);
        if (fault.isPresent()) {
          return fault;
        }
        segment = i + 1;
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
    if (bytes > maxBytes) {
      return Optional.of("is longer than " + maxBytes + " bytes of UTF-8");
    }
    return segmentFault(path, segment, path.length());
  }

  private static Optional<String> segmentFault(String path, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return Optional.of("contains an empty segment (//)");
    }
    if (path.charAt(from) == '.'
        && (length == 1 || (length == 2 && path.charAt(from + 1) == '.'))) {
      return Optional.of("contains a . or .. segment");
    }
    return Optional.empty();
  }

  /** The Unicode form C of a path: no two of a deployment may have the same. */
  public static String composed(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) >= 0x80) {
        return Normalizer.normalize(path, Normalizer.Form.NFC);
      }
    }
    return path;
  }

  /**
   * Order of paths by their UTF-8 bytes, without encoding them. It differs from {@link
   * String#compareTo} only where a character beyond the basic plane meets one of U+E000 to U+FFFF,
   * since UTF-16 sorts surrogates below those.
   */
  public static int compare(String left, String right) {
    int end = Math.min(left.length(), right.length());
    for (int i = 0; i < end; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogateA = Character.isSurrogate(a);
        boolean surrogateB = Character.isSurrogate(b);
        if (surrogateA == surrogateB) {
          return Character.compare(a, b);
        }
        return surrogateA ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
