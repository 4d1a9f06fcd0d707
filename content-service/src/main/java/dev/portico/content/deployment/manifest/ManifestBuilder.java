package dev.portico.content.deployment.manifest;

import dev.portico.content.blob.Digest;
import dev.portico.content.deployment.manifest.InvalidManifestException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects files into a {@link Manifest}, noting every fault with the place it was found at. Not
 * thread-safe.
 *
 * <p>A limit that is passed ends the collection at once: what comes after could only cost memory.
 */
public final class ManifestBuilder {
  private final ManifestLimits limits;
  private final List<ManifestFile> files = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, String> types = new HashMap<>();
  private int next;
  private long bytes;

  /** Collects up to {@code limits}. */
  public ManifestBuilder(ManifestLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds a file.
   *
   * @param type the media type to send instead of the one its name suggests
   * @throws InvalidManifestException when a limit is passed
   */
  public void add(String path, String sha256, long size, @Nullable String type) {
    int index = next++;
    if (index >= limits.maxFiles()) {
      throw new InvalidManifestException(
          Kind.TOO_LARGE, "files", "more than " + limits.maxFiles() + " files");
    }
    checkPath(index, path);
    checkDigest(index, sha256);
    if (size < 0) {
      fault(index, "size", "must not be negative");
    } else if (size > limits.maxFileBytes()) {
      throw new InvalidManifestException(
          Kind.TOO_LARGE,
          field(index, "size"),
          quoted(path) + " is larger than " + limits.maxFileBytes() + " bytes");
    } else {
      bytes += size;
    }
    if (bytes > limits.maxBytes()) {
      throw new InvalidManifestException(
          Kind.TOO_LARGE, "files", "together larger than " + limits.maxBytes() + " bytes");
    }
    String sent = MediaTypes.ofPath(path);
    if (type != null) {
      Optional<String> canonical = MediaTypes.canonical(type);
      if (canonical.isEmpty()) {
        fault(index, "type", "is not a media type");
      }
      sent = canonical.orElse(sent);
    }
    files.add(new ManifestFile(path, sha256, size, types.computeIfAbsent(sent, t -> t)));
  }

  /** Notes a fault of the document beside its files. */
  void fault(String field, String reason) {
    faults.add(new Fault(field, reason));
    if (faults.size() >= InvalidManifestException.MAX_FAULTS) {
      throwFaults();
    }
  }

  /** Notes that a field of the next file is unknown or of the wrong kind. */
  void faultOfNext(String name, String reason) {
    fault(next, name, reason);
  }

  /** Passes over a file that lacks something, noting what is wrong with what it has. */
  void skip(@Nullable String path, @Nullable String sha256) {
    if (path != null) {
      checkPath(next, path);
    }
    if (sha256 != null) {
      checkDigest(next, sha256);
    }
    next++;
  }

  private void checkPath(int index, String path) {
    PathRules.fault(path, limits.maxPathBytes())
        .ifPresent(reason -> fault(index, "path", quoted(path) + " " + reason));
  }

  private void checkDigest(int index, String sha256) {
    if (!Digest.isDigest(sha256)) {
      fault(index, "sha256", "must be 64 lower-case hex digits");
    }
  }

  /** What was added, in that order. */
  List<ManifestFile> given() {
    return files;
  }

  /**
   * The manifest of what was added. The builder is spent.
   *
   * @throws InvalidManifestException when anything is wrong with it
   */
  public Manifest build() {
    if (files.isEmpty() && faults.isEmpty()) {
      throw new InvalidManifestException(Kind.INVALID, "files", "must contain at least one file");
    }
    throwFaults();
    Map<String, Integer> suspects = positionsOfSuspects();
    List<ManifestFile> sorted = new ArrayList<>(files);
    sorted.sort((a, b) -> PathRules.compare(a.path(), b.path()));
    findDuplicates(sorted);
    findOtherForms(sorted, suspects);
    findFilesThatAreDirectories(sorted);
    throwFaults();
    return new Manifest(sorted);
  }

  /**
   * Paths are compared as sent; only those whose composed form differs can equal another after
   * normalisation.
   */
  private Map<String, Integer> positionsOfSuspects() {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      String path = files.get(i).path();
      String composed = PathRules.composed(path);
      if (!composed.equals(path) && positions.putIfAbsent(composed, i) != null) {
        fault(
            i,
            "path",
            quoted(path)
                + " is in the manifest twice, or differs from another path only by its Unicode form");
      }
    }
    return positions;
  }

  private void findDuplicates(List<ManifestFile> sorted) {
    Set<String> repeated = new HashSet<>();
    for (int i = 1; i < sorted.size(); i++) {
      String path = sorted.get(i).path();
      if (path.equals(sorted.get(i - 1).path()) && PathRules.composed(path).equals(path)) {
        repeated.add(path);
      }
    }
    Set<String> met = new HashSet<>();
    for (int i = 0; !repeated.isEmpty() && i < files.size(); i++) {
      String path = files.get(i).path();
      if (repeated.contains(path) && !met.add(path)) {
        fault(i, "path", quoted(path) + " is in the manifest twice");
      }
    }
  }

  private void findOtherForms(List<ManifestFile> sorted, Map<String, Integer> suspects) {
    suspects.forEach(
        (path, position) -> {
          if (Manifest.indexOf(sorted, path) >= 0) {
            fault(
                position,
                "path",
                quoted(path) + " differs from another path only by its Unicode form");
          }
        });
  }

  private void findFilesThatAreDirectories(List<ManifestFile> sorted) {
    Map<String, String> withFiles = new HashMap<>();
    String lastDirectory = "";
    for (ManifestFile file : sorted) {
      int slash = file.path().lastIndexOf('/');
      String directory = file.path().substring(0, slash);
      if (directory.equals(lastDirectory)) {
        continue;
      }
      lastDirectory = directory;
      for (int end = slash; end > 0; end = file.path().lastIndexOf('/', end - 1)) {
        String parent = file.path().substring(0, end);
        if (Manifest.indexOf(sorted, parent) >= 0) {
          withFiles.putIfAbsent(parent, file.path());
          break;
        }
      }
    }
    for (int i = 0; !withFiles.isEmpty() && i < files.size(); i++) {
      String path = files.get(i).path();
      String below = withFiles.get(path);
      if (below != null) {
        fault(i, "path", quoted(path) + " is both a file and the directory of " + quoted(below));
      }
    }
  }

  private void fault(int index, String name, String reason) {
    fault(field(index, name), reason);
  }

  private void throwFaults() {
    if (!faults.isEmpty()) {
      throw new InvalidManifestException(Kind.INVALID, faults);
    }
  }

  /** The place of a field of a file. */
  static String field(int index, String name) {
    return "files[" + index + "]" + (name.isEmpty() ? "" : "." + name);
  }

  /**
   * The path as it can be shown: shortened, and without characters that would disturb a log or a
   * terminal.
   */
  private static String quoted(String path) {
    StringBuilder shown = new StringBuilder("'");
    path.codePoints()
        .limit(120)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                shown.append('\uFFFD');
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.append(path.length() > 120 ? "…'" : "'").toString();
  }
}
