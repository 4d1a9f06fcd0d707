package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import dev.portico.content.deployment.manifest.PathRules;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The names met so far: checks each new one against the rules, the limits and all others. */
final class EntryTree {
  private static final int LONGEST_SHOWN = 200;

  private final ArchiveLimits limits;

  /** NFC form of a path → what is there. */
  private final Map<String, Node> nodes = new HashMap<>();

  private final NavigableMap<String, Long> files = new TreeMap<>();
  private String lastParent = "";
  private int entries;
  private int count;
  private long bytes;
  private long extended;

  EntryTree(ArchiveLimits limits) {
    this.limits = limits;
  }

  private record Node(String path, boolean directory) {}

  /** Real files, path → size. */
  NavigableMap<String, Long> files() {
    return files;
  }

  int count() {
    return count;
  }

  boolean isDirectory(String path) {
    Node node = nodes.get(PathRules.composed(path));
    return path.isEmpty() || (node != null && node.directory() && node.path().equals(path));
  }

  /** Counts an entry of any kind, so that a flood of directories ends too. */
  void entry() {
    entries++;
    if (entries > limits.files() * 2L + 10_000) {
      throw tooMany();
    }
  }

  /** Counts an extended header, an entry of its own, whose bytes are bounded in total. */
  void extended(long size) {
    entry();
    extended += size;
    if (extended > 4L * limits.pathBytes() * limits.files() + (1 << 21)) {
      throw new ArchiveRejected(
          Rule.TOO_LARGE, null, "The archive's extended headers are too large together.");
    }
  }

  /** The absolute path of an entry's name; empty for the root directory itself. */
  String path(String name) {
    if (name.indexOf('\uFFFD') >= 0) {
      throw new ArchiveRejected(Rule.NAME, shown(name), shown(name) + " is not named in UTF-8.");
    }
    if (name.startsWith("/")) {
      throw new ArchiveRejected(
          Rule.NAME, shown(name), shown(name) + " has an absolute name; names must be relative.");
    }
    int start = 0;
    int end = name.length();
    while (name.startsWith("./", start)) {
      start += 2;
    }
    while (end > start && name.charAt(end - 1) == '/') {
      end--;
    }
    String relative = name.substring(start, end);
    if (relative.isEmpty() || relative.equals(".")) {
      return "";
    }
    String path = "/" + relative;
    check(path);
    return path;
  }

  /** Checks the name of something that a link stands for, or of an entry. */
  void check(String path) {
    // Cheap first: a name can be a megabyte long.
    if (path.length() > limits.pathBytes()) {
      throw tooLong(path);
    }
    Optional<String> fault = PathRules.fault(path, limits.pathBytes());
    if (fault.isPresent()) {
      String name = shown(path.substring(1));
      if (fault.get().startsWith("is longer")) {
        throw tooLong(path);
      }
      throw new ArchiveRejected(Rule.NAME, name, "The name " + name + " " + fault.get() + ".");
    }
  }

  private ArchiveRejected tooLong(String path) {
    String name = shown(path.substring(1));
    return new ArchiveRejected(
        Rule.NAME_TOO_LONG,
        name,
        "The name " + name + " is longer than " + limits.pathBytes() + " bytes of UTF-8.");
  }

  /** Adds a file of the archive. */
  void file(String path, long size) {
    addFile(path, size);
    files.put(path, size);
  }

  /** Adds a file that a link stands for. */
  void linkedFile(String path, long size) {
    check(path);
    if (path.length() > 1) {
      addFile(path, size);
    }
  }

  private void addFile(String path, long size) {
    count++;
    if (count > limits.files()) {
      throw tooMany();
    }
    if (size > limits.fileBytes()) {
      String name = shown(path.substring(1));
      throw new ArchiveRejected(
          Rule.TOO_LARGE, name, name + " is larger than " + limits.fileBytes() + " bytes.");
    }
    bytes += size;
    if (bytes > limits.totalBytes()) {
      throw new ArchiveRejected(
          Rule.TOO_LARGE,
          shown(path.substring(1)),
          "The files are larger than " + limits.totalBytes() + " bytes together.");
    }
    node(path, false);
  }

  /** Reserves the name of a link, whose kind shows only after the last entry. */
  void link(String path) {
    parents(path);
    Node there = nodes.get(PathRules.composed(path));
    if (there != null) {
      throw conflict(path, there);
    }
  }

  void directory(String path) {
    if (!path.isEmpty()) {
      node(path, true);
    }
  }

  private void node(String path, boolean directory) {
    parents(path);
    var node = new Node(path, directory);
    Node there = nodes.putIfAbsent(PathRules.composed(path), node);
    if (there != null && !(directory && there.equals(node))) {
      throw conflict(path, there);
    }
  }

  private void parents(String path) {
    int slash = path.lastIndexOf('/');
    if (slash <= 0) {
      return;
    }
    String parent = path.substring(0, slash);
    // Files of a directory mostly follow one another.
    if (!parent.equals(lastParent)) {
      node(parent, true);
      lastParent = parent;
    }
  }

  private ArchiveRejected conflict(String path, Node there) {
    String name = shown(path.substring(1));
    if (!there.path().equals(path)) {
      return new ArchiveRejected(
          Rule.UNICODE,
          name,
          name + " occurs twice, in different Unicode forms (composed and decomposed).");
    }
    return new ArchiveRejected(
        Rule.DUPLICATE,
        name,
        there.directory()
            ? name + " is both a file and a directory."
            : name + " occurs twice, or both as a file and as a directory.");
  }

  private ArchiveRejected tooMany() {
    return new ArchiveRejected(
        Rule.TOO_MANY_FILES, null, "The archive has more than " + limits.files() + " files.");
  }

  /** A name as it can be shown to people: cut, and without anything that steers a terminal. */
  static String shown(String name) {
    var shown = new StringBuilder();
    name.codePoints()
        .limit(LONGEST_SHOWN)
        .forEach(
            c ->
                shown.appendCodePoint(
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.SURROGATE
                        ? '\uFFFD'
                        : c));
    return name.length() > LONGEST_SHOWN ? shown + "…" : shown.toString();
  }
}
