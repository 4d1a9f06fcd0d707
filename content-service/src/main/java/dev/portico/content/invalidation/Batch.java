package dev.portico.content.invalidation;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a valid request names, each path and tag once and in order, so that equal content is equal.
 *
 * @param reference the caller's
 * @param paths exact, or with a final {@code *}
 * @param tags cache tags
 */
record Batch(String reference, List<String> paths, List<String> tags) {
  private static final int MOST_FAULTS = 100;

  /** Keeps unmodifiable copies. */
  Batch {
    paths = List.copyOf(paths);
    tags = List.copyOf(tags);
  }

  /**
   * All of a site, or of the platform.
   *
   * @throws Problem 400 when the reference is none
   */
  static Batch all(@Nullable String reference) {
    return of(new InvalidationRequest(reference, List.of("/*"), null));
  }

  /**
   * Checks a request.
   *
   * @throws Problem 400 with every fault (at most 100), 413 when it is too large
   */
  static Batch of(InvalidationRequest request) {
    var faults = new ArrayList<FieldError>();
    String reference = request.callerReference();
    if (reference == null || !isPrintable(reference, InvalidationLimits.REFERENCE)) {
      faults.add(
          new FieldError("callerReference", "must be of 1 to 128 printable ASCII characters"));
      reference = "";
    }
    List<String> paths = checked("paths", request.paths(), Batch::faultOfPath, faults);
    List<String> tags = checked("tags", request.tags(), Batch::faultOfTag, faults);
    if (paths.isEmpty() && tags.isEmpty() && faults.isEmpty()) {
      faults.add(new FieldError("paths", "are missing, and so are tags"));
    }
    if (!faults.isEmpty()) {
      throw Problem.invalid(faults);
    }
    var batch = new Batch(reference, paths, tags);
    if (batch.bytes() > InvalidationLimits.BYTES) {
      throw Problem.tooLarge(
          "Paths and tags have more than " + InvalidationLimits.BYTES + " bytes. Split them.");
    }
    requireSmall(batch.singlePaths(), InvalidationLimits.PATHS_IN_PROGRESS, "paths");
    requireSmall(
        batch.wildcards(), InvalidationLimits.WILDCARDS_IN_PROGRESS, "paths with a wildcard");
    requireSmall(batch.tags().size(), InvalidationLimits.TAGS_IN_PROGRESS, "tags");
    return batch;
  }

  /** What could never be in progress is not to be asked for again. */
  private static void requireSmall(int named, int most, String what) {
    if (named > most) {
      throw Problem.tooLarge(
          "One invalidation names at most %d %s, not %d. Split it.".formatted(most, what, named));
    }
  }

  /** Says what is wrong with a text, or null. */
  private interface Rule {
    @Nullable String fault(String text);
  }

  private static List<String> checked(
      String field, @Nullable List<String> texts, Rule rule, List<FieldError> faults) {
    var kept = new TreeSet<String>();
    int index = 0;
    for (String text : texts == null ? List.<String>of() : texts) {
      String fault = rule.fault(text);
      if (fault == null) {
        kept.add(text);
      } else if (faults.size() < MOST_FAULTS) {
        faults.add(new FieldError(field + "[" + index + "]", fault));
      }
      index++;
    }
    return List.copyOf(kept);
  }

  private static @Nullable String faultOfPath(@Nullable String path) {
    if (path == null || !path.startsWith("/")) {
      return "does not begin with /";
    }
    if (path.length() > InvalidationLimits.PATH) {
      return "is longer than " + InvalidationLimits.PATH + " characters";
    }
    int star = path.indexOf('*');
    if (star >= 0 && star < path.length() - 1) {
      return "has a * elsewhere than at its end";
    }
    if (path.indexOf('?') >= 0) {
      return "has a query; all queries of a path go with it";
    }
    return path.chars().anyMatch(c -> c == '#' || c == ' ' || Character.isISOControl(c))
        ? "has a space, control character or #; percent-encode it"
        : null;
  }

  private static @Nullable String faultOfTag(@Nullable String tag) {
    boolean good =
        tag != null
            && isPrintable(tag, InvalidationLimits.TAG)
            && tag.indexOf(' ') < 0
            && tag.indexOf(',') < 0;
    return good ? null : "is not of 1 to 256 printable ASCII characters without space and comma";
  }

  private static boolean isPrintable(String text, int most) {
    return !text.isEmpty()
        && text.length() <= most
        && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private long bytes() {
    long bytes = 0;
    for (String path : paths) {
      bytes += path.getBytes(StandardCharsets.UTF_8).length;
    }
    for (String tag : tags) {
      bytes += tag.length();
    }
    return bytes;
  }

  /** Paths with a wildcard. */
  int wildcards() {
    return (int) paths.stream().filter(path -> path.endsWith("*")).count();
  }

  /** Paths without one. */
  int singlePaths() {
    return paths.size() - wildcards();
  }

  /** A hash of the content, by which a repeat is told from another request. */
  byte[] fingerprint() {
    MessageDigest hash = sha256();
    for (String path : paths) {
      hash.update((path + '\n').getBytes(StandardCharsets.UTF_8));
    }
    hash.update((byte) '\n');
    for (String tag : tags) {
      hash.update((tag + '\n').getBytes(StandardCharsets.UTF_8));
    }
    return hash.digest();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
