package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The links of an archive. They are followed after the last entry, since what they point to may
 * come after them: a link to a file becomes that file, a link to a directory becomes its files.
 */
final class Links {
  /** As Linux does (path_resolution(7)). */
  private static final int MOST_HOPS = 40;

  private final ArchiveLimits limits;
  private final EntryTree tree;
  private final TreeMap<String, String> targets = new TreeMap<>();
  private long kept;
  private long steps;
  private long segments;

  Links(ArchiveLimits limits, EntryTree tree) {
    this.limits = limits;
    this.tree = tree;
  }

  /** Notes a link; a hard link's target is a name in the archive, a symbolic one's is relative. */
  void add(String path, String target, boolean hard) {
    if (path.isEmpty()) {
      throw new ArchiveRejected(Rule.LINK, ".", "The root of the archive is a link.");
    }
    // Cheap first: a target can be a megabyte long.
    if (target.length() > limits.pathBytes() * 4L) {
      String name = EntryTree.shown(path.substring(1));
      throw new ArchiveRejected(
          Rule.NAME_TOO_LONG, name, "The target of the link " + name + " is too long.");
    }
    tree.link(path);
    if (target.startsWith("/") || target.isEmpty() || target.indexOf('\0') >= 0) {
      throw leaves(path, target);
    }
    int parent = path.lastIndexOf('/');
    String full = hard ? "/" + target : path.substring(0, parent) + "/" + target;
    kept += full.length();
    if (targets.size() >= limits.files() || kept > limits.files() * 512L + (1 << 20)) {
      throw new ArchiveRejected(
          Rule.TOO_MANY_FILES, null, "The archive has too many links, or their targets are long.");
    }
    if (targets.put(path, full) != null) {
      String name = path.substring(1);
      throw new ArchiveRejected(
          Rule.DUPLICATE, EntryTree.shown(name), EntryTree.shown(name) + " occurs twice.");
    }
  }

  /** Hands every link to the sink as the files it stands for. */
  void resolve(ArchiveSink sink) throws IOException {
    for (String link : targets.keySet()) {
      emit(link, link, new LinkedHashSet<>(), sink);
    }
  }

  /** Gives the link found at {@code link} the name {@code as}. */
  private void emit(String link, String as, Set<String> within, ArchiveSink sink)
      throws IOException {
    String real = realPath(link);
    Long size = tree.files().get(real);
    if (size != null) {
      tree.linkedFile(as, size);
      sink.same(as, real);
    } else if (tree.isDirectory(real)) {
      emitDirectory(link, real, as, within, sink);
    } else {
      throw missing(link, real);
    }
  }

  private void emitDirectory(
      String link, String real, String as, Set<String> within, ArchiveSink sink)
      throws IOException {
    // Names below grow with every link that is entered.
    tree.check(as);
    if (within.size() >= MOST_HOPS) {
      String name = EntryTree.shown(link.substring(1));
      throw new ArchiveRejected(
          Rule.LINK_LOOP,
          name,
          "The link " + name + " is within more than " + MOST_HOPS + " links to directories.");
    }
    String below = real + "/";
    if (link.startsWith(below) || !within.add(real)) {
      throw loop(link);
    }
    // "0" is the character after "/".
    String end = real + "0";
    for (Map.Entry<String, Long> file : tree.files().subMap(below, end).entrySet()) {
      step();
      String path = as + file.getKey().substring(real.length());
      tree.linkedFile(path, file.getValue());
      sink.same(path, file.getKey());
    }
    for (String inner : targets.subMap(below, end).keySet()) {
      step();
      emit(inner, as + inner.substring(real.length()), within, sink);
    }
    within.remove(real);
  }

  /** Bounds the work of nested links to directories, which multiply. */
  private void step() {
    steps++;
    if (steps > limits.files() * 10L + 10_000) {
      throw new ArchiveRejected(
          Rule.TOO_MANY_FILES, null, "The archive's links stand for too many files.");
    }
  }

  /** Where a link ends, following links on the way; "" is the root. */
  private String realPath(String link) {
    Deque<String> todo = new ArrayDeque<>(List.of(segments(link)));
    var path = new StringBuilder();
    int hops = 0;
    while (!todo.isEmpty()) {
      followed();
      String segment = todo.pop();
      if (segment.isEmpty() || segment.equals(".")) {
        continue;
      }
      if (segment.equals("..")) {
        if (path.isEmpty()) {
          throw leaves(link, Optional.ofNullable(targets.get(link)).orElse(".."));
        }
        path.setLength(path.lastIndexOf("/"));
        continue;
      }
      path.append('/').append(segment);
      if (path.length() > limits.pathBytes()) {
        // Nothing in the archive has so long a name.
        throw missing(link, path.toString());
      }
      String target = targets.get(path.toString());
      if (target != null) {
        hops++;
        if (hops > MOST_HOPS) {
          throw loop(link);
        }
        path.setLength(0);
        String[] inserted = segments(target);
        for (int i = inserted.length - 1; i >= 0; i--) {
          todo.push(inserted[i]);
        }
      }
    }
    return path.toString();
  }

  /** Bounds the work of following long targets again and again. */
  private void followed() {
    segments++;
    if (segments > limits.files() * 64L + 100_000) {
      throw new ArchiveRejected(
          Rule.TOO_MANY_FILES, null, "The archive's links are too long to follow.");
    }
  }

  private static String[] segments(String path) {
    return path.substring(1).split("/", -1);
  }

  private static ArchiveRejected leaves(String path, String target) {
    String name = EntryTree.shown(path.substring(1));
    return new ArchiveRejected(
        Rule.LINK,
        name,
        "The link "
            + name
            + " leaves the archive ("
            + EntryTree.shown(target)
            + "). Use tar -h to store files instead of links.");
  }

  private static ArchiveRejected missing(String path, String real) {
    String name = EntryTree.shown(path.substring(1));
    return new ArchiveRejected(
        Rule.LINK,
        name,
        "The link "
            + name
            + " points to "
            + EntryTree.shown(real.isEmpty() ? "/" : real.substring(1))
            + ", which is not in the archive. Use tar -h to store files instead of links.");
  }

  private static ArchiveRejected loop(String path) {
    String name = EntryTree.shown(path.substring(1));
    return new ArchiveRejected(Rule.LINK_LOOP, name, "The link " + name + " leads back to itself.");
  }
}
