package dev.portico.gateway.response;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Answers: does a path carry a hash of the file's content, as builders write it? Then the file may
 * be cached for a year, since other content would have another name. Prefers a miss, which costs a
 * 304, to a false alarm, which shows old content for a year; docs/serving.md lists the patterns.
 */
public final class ImmutableNames {
  /** What builders put hashes on; documents, feeds and data keep their names. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          "js", "mjs", "cjs", "css", "wasm", "woff", "woff2", "ttf", "otf", "eot", "svg", "png",
          "jpg", "jpeg", "gif", "webp", "avif", "ico", "mp3", "mp4", "webm", "ogg", "wav");

  private static final Set<String> CODE = Set.of("js", "mjs", "css");

  /** Written between hash and extension: {@code 2.3f2a9c1b.chunk.js}. */
  private static final Pattern AFTER_HASH = Pattern.compile("\\.(chunk|min|bundle|module)$");

  /** webpack's default is 20 digits, CRA's and Parcel's 8, Next's 16, digests in full 32 to 64. */
  private static final Pattern HEX =
      Pattern.compile(
          ".+[.\\-_]([0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{20}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})");

  /** esbuild and Angular: base32. */
  private static final Pattern BASE32 = Pattern.compile(".+-([A-Z2-7]{8})");

  /** Rollup and Vite: base64url. */
  private static final Pattern BASE64 = Pattern.compile(".+-([A-Za-z0-9_\\-]{8})");

  private static final Pattern UNPRONOUNCEABLE =
      Pattern.compile("[bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ]{4}");

  /** A word as programmers join them, a run of capitals, or a number. */
  private static final Pattern WORD =
      Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[_\\-]+");

  private static final Pattern ANGULAR =
      Pattern.compile("(main|polyfills|styles|scripts|chunk|runtime)-[A-Z2-7]{8}");

  /** Where only builders write: any part of the name, or all of it, may be the hash. */
  private static final Pattern RESERVED = Pattern.compile("(^|.*/)(_astro|_next/static|_nuxt)/.*");

  private static final Pattern RESERVED_HEX =
      Pattern.compile("(^|.*[.\\-_])[0-9a-f]{16,64}([.\\-_].*|$)");

  private static final Pattern RESERVED_HASH =
      Pattern.compile("(?:.*[.\\-_])?([A-Za-z0-9_\\-]{8,64})");

  private static final int LONG_HASH = 16;

  private ImmutableNames() {}

  /** Whether the path's content can never change. */
  public static boolean matches(String path) {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (name.endsWith(".map")) {
      name = name.substring(0, name.length() - ".map".length());
    }
    int dot = name.lastIndexOf('.');
    if (dot <= 0 || !EXTENSIONS.contains(name.substring(dot + 1))) {
      return false;
    }
    String folder = path.substring(0, slash + 1);
    // SvelteKit's own word for it.
    if (folder.contains("/_app/immutable/")) {
      return true;
    }
    String extension = name.substring(dot + 1);
    String stem = AFTER_HASH.matcher(name.substring(0, dot)).replaceFirst("");
    return hexadecimal(stem)
        || base32(stem, extension)
        || base64(stem, folder)
        || (RESERVED.matcher(folder).matches() && reserved(stem));
  }

  private static boolean hexadecimal(String stem) {
    var found = HEX.matcher(stem);
    if (!found.matches()) {
      return false;
    }
    // Neither dates (20260115) nor words (facade, decade2020).
    String hash = found.group(1);
    return transitions(hash) >= (hash.length() < LONG_HASH ? 2 : 1);
  }

  private static boolean base32(String stem, String extension) {
    var found = BASE32.matcher(stem);
    if (!found.matches()) {
      return false;
    }
    // VERSION2 and FEBRUARY are words; only Angular's own names may have a hash without a digit.
    return transitions(found.group(1)) >= 2
        || (CODE.contains(extension) && ANGULAR.matcher(stem).matches());
  }

  private static boolean base64(String stem, String folder) {
    var found = BASE64.matcher(stem);
    if (!found.matches()) {
      return false;
    }
    String hash = found.group(1);
    if (!has(hash, Kind.UPPER) || !has(hash, Kind.LOWER)) {
      return false;
    }
    // Chapter1, iPhone15 and MyModule change kind three times at most, and can be pronounced.
    int transitions = transitions(hash);
    return folder.endsWith("/assets/")
        ? transitions >= 4
            || (transitions == 3 && (UNPRONOUNCEABLE.matcher(hash).find() || words(hash) >= 4))
        : transitions >= 5 && has(hash, Kind.DIGIT);
  }

  private static boolean reserved(String stem) {
    if (RESERVED_HEX.matcher(stem).matches()) {
      return true;
    }
    String last = stem.substring(stem.lastIndexOf('.') + 1);
    String hash = last.substring(Math.max(0, last.length() - 8));
    return RESERVED_HASH.matcher(last).matches() && transitions(hash) >= 2;
  }

  private enum Kind {
    LOWER,
    UPPER,
    DIGIT,
    SIGN
  }

  private static Kind kind(char c) {
    if (c >= '0' && c <= '9') {
      return Kind.DIGIT;
    }
    if (c >= 'a' && c <= 'z') {
      return Kind.LOWER;
    }
    return c >= 'A' && c <= 'Z' ? Kind.UPPER : Kind.SIGN;
  }

  private static boolean has(String text, Kind kind) {
    return text.chars().anyMatch(c -> kind((char) c) == kind);
  }

  /** UserAPI2 and v2Header are three words; BK2xOHXK would be four. */
  private static long words(String text) {
    return WORD.matcher(text).results().count();
  }

  /** How often neighbouring characters are of different kinds: often in hashes, seldom in words. */
  private static int transitions(String text) {
    int count = 0;
    for (int i = 1; i < text.length(); i++) {
      if (kind(text.charAt(i)) != kind(text.charAt(i - 1))) {
        count++;
      }
    }
    return count;
  }
}
