package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive in one pass: ustar, GNU (long names, large numbers) and pax. Written here
 * rather than taken from a library so that no header, however large or deeply chained, can cost
 * more memory than its documented bound.
 */
final class TarArchive {
  /** Largest extended header or long name, in bytes. */
  private static final int EXTENDED = 1 << 20;

  private final InputStream in;
  private final EntryTree tree;
  private final Links links;
  private final ArchiveSink sink;
  private final byte[] block = new byte[TarHeader.SIZE];
  private final byte[] skipped = new byte[1 << 14];
  private final Map<String, String> pax = new HashMap<>();
  private boolean sparse;
  private @Nullable String longName;
  private @Nullable String longLink;

  TarArchive(InputStream in, EntryTree tree, Links links, ArchiveSink sink) {
    this.in = in;
    this.tree = tree;
    this.links = links;
    this.sink = sink;
  }

  void read() throws IOException {
    while (true) {
      int read = in.readNBytes(block, 0, block.length);
      if (read < block.length) {
        throw Decoded.truncated(null);
      }
      if (TarHeader.isZero(block)) {
        end();
        return;
      }
      TarHeader header = TarHeader.parse(block);
      switch (header.type()) {
        case 'x', 'X' -> pax(extended(header));
        case 'g' -> extended(header);
        case 'L' -> longName = name(extended(header));
        case 'K' -> longLink = name(extended(header));
        default -> entry(header);
      }
    }
  }

  /** After the end there may be padding, but no second archive that would silently be lost. */
  private void end() throws IOException {
    if (!pax.isEmpty() || sparse || longName != null || longLink != null) {
      throw corrupt("an extended header has no entry");
    }
    while (true) {
      int read = in.read(skipped, 0, skipped.length);
      if (read < 0) {
        return;
      }
      for (int i = 0; i < read; i++) {
        if (skipped[i] != 0) {
          throw corrupt("something follows its end");
        }
      }
    }
  }

  private void entry(TarHeader header) throws IOException {
    tree.entry();
    String name = pax.getOrDefault("path", longName != null ? longName : header.name());
    String target = pax.getOrDefault("linkpath", longLink != null ? longLink : header.link());
    long size = pax.containsKey("size") ? size(pax.get("size")) : header.size();
    boolean sparseFile = sparse || header.type() == 'S';
    pax.clear();
    sparse = false;
    longName = null;
    longLink = null;
    String shown = EntryTree.shown(name);
    if (sparseFile) {
      throw kind(shown, "a sparse file; create the archive without --sparse");
    }
    switch (header.type()) {
      case '0', '\0', '7' -> {
        if (header.type() != '7' && name.endsWith("/")) {
          tree.directory(tree.path(name));
          data(shown, size);
        } else {
          file(name, shown, size);
        }
      }
      // Old writers leave a size in headers that no data follows.
      case '1' -> links.add(tree.path(name), target, true);
      case '2' -> links.add(tree.path(name), target, false);
      case '5' -> tree.directory(tree.path(name));
      case 'V' -> data(shown, size);
      case '3', '4' -> throw kind(shown, "a device");
      case '6' -> throw kind(shown, "a fifo");
      default -> throw kind(shown, "of a kind that is not known");
    }
  }

  private void file(String name, String shown, long size) throws IOException {
    String path = tree.path(name);
    if (path.isEmpty()) {
      throw new ArchiveRejected(Rule.NAME, shown, "An entry has no name.");
    }
    tree.file(path, size);
    var content = new EntryStream(in, shown, size);
    sink.file(path, size, content);
    content.drain(skipped);
    padding(shown, size);
  }

  private void data(String shown, long size) throws IOException {
    new EntryStream(in, shown, size).drain(skipped);
    padding(shown, size);
  }

  private void padding(String shown, long size) throws IOException {
    int over = (int) (size % TarHeader.SIZE);
    if (over > 0) {
      new EntryStream(in, shown, TarHeader.SIZE - over).drain(skipped);
    }
  }

  private byte[] extended(TarHeader header) throws IOException {
    if (header.size() > EXTENDED) {
      throw new ArchiveRejected(
          Rule.NAME_TOO_LONG, null, "The archive has an extended header of more than 1 MiB.");
    }
    tree.extended(header.size());
    int size = (int) header.size();
    byte[] content = in.readNBytes(size);
    if (content.length < size) {
      throw Decoded.truncated(null);
    }
    padding("an extended header", size);
    return content;
  }

  private static String name(byte[] content) {
    int end = 0;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return new String(content, 0, end, UTF_8);
  }

  /** Records "length key=value\n" (POSIX pax, section pax Header Block). */
  private void pax(byte[] content) {
    // A header replaces the one before, so that no number of them is kept.
    pax.clear();
    sparse = false;
    int at = 0;
    while (at < content.length && content[at] != 0) {
      int length = 0;
      int start = at;
      while (at < content.length && content[at] >= '0' && content[at] <= '9' && at - start < 8) {
        length = length * 10 + content[at] - '0';
        at++;
      }
      int end = start + length;
      if (at == start || at >= content.length || content[at] != ' ' || end > content.length) {
        throw corrupt("an extended header cannot be read");
      }
      int equals = at + 1;
      while (equals < end && content[equals] != '=') {
        equals++;
      }
      if (equals >= end - 1 || content[end - 1] != '\n') {
        throw corrupt("an extended header cannot be read");
      }
      String key = new String(content, at + 1, equals - at - 1, UTF_8);
      String value = new String(content, equals + 1, end - equals - 2, UTF_8);
      if (value.isEmpty()) {
        pax.remove(key);
      } else if (key.equals("path") || key.equals("linkpath") || key.equals("size")) {
        pax.put(key, value);
      } else {
        sparse |= key.startsWith("GNU.sparse.");
      }
      at = end;
    }
  }

  private static long size(@Nullable String text) {
    try {
      long size = text == null ? -1 : Long.parseLong(text);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a negative number.
    }
    throw corrupt("an extended header gives no valid size");
  }

  private static ArchiveRejected corrupt(String what) {
    return new ArchiveRejected(Rule.CORRUPT, null, "The archive is damaged: " + what + ".");
  }

  private static ArchiveRejected kind(String shown, String what) {
    return new ArchiveRejected(
        Rule.KIND,
        shown,
        shown + " is " + what + "; only files, directories and links can be published.");
  }
}
