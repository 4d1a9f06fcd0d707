package dev.portico.content.blob;

import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.Bytes;
import dev.portico.content.s3.OpenObject;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes packs, and reads their tables of contents and what is in them. */
@Singleton
final class Packs {
  private final Bucket bucket;

  Packs(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * Stores a new pack, at a key that nothing was ever stored at.
   *
   * @return where each of the contents is, in their order
   */
  List<Extent> write(List<Pack.Content> contents) {
    List<Pack.Entry> entries = contents.stream().map(Pack.Content::entry).toList();
    String key = BlobKey.freshPack();
    var pieces = new ArrayList<Bytes>(contents.size() + 1);
    pieces.add(Bytes.of(Pack.header(entries)));
    contents.forEach(content -> pieces.add(content.bytes()));
    bucket.put(key, pieces, BlobKey.TYPE);
    return Pack.extents(key, entries);
  }

  /**
   * Reads what a pack holds.
   *
   * @return empty when there is no such object
   * @throws IOException when it cannot be read, or is no pack
   */
  Optional<List<Pack.Entry>> contents(String key) throws IOException {
    Optional<OpenObject> object = bucket.get(key, 0, Pack.LONGEST_HEADER - 1);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (OpenObject open = object.get();
        var stream = new BufferedInputStream(open.stream())) {
      return Optional.of(Pack.read(stream));
    }
  }

  /**
   * Reads some of what a pack holds into memory.
   *
   * @param contents its table of contents
   * @param wanted which of them
   * @throws IOException when it cannot be read, or a blob in it is not what its digest says
   */
  List<Pack.Content> read(String key, List<Pack.Entry> contents, Predicate<Pack.Entry> wanted)
      throws IOException {
    var read = new ArrayList<Pack.Content>();
    List<Extent> extents = Pack.extents(key, contents);
    for (int i = 0; i < contents.size(); i++) {
      Pack.Entry entry = contents.get(i);
      if (wanted.test(entry)) {
        byte[] bytes = bytes(extents.get(i));
        if (entry.coding() == null && !Digest.of(bytes).equals(entry.digest())) {
          throw new IOException("blob " + entry.digest() + " in " + key + " is damaged");
        }
        read.add(new Pack.Content(entry.digest(), entry.coding(), Bytes.of(bytes)));
      }
    }
    return read;
  }

  private byte[] bytes(Extent extent) throws IOException {
    try (BlobContent open =
        open(extent, null).orElseThrow(() -> new FileNotFoundException(extent.object()))) {
      byte[] bytes = open.stream().readNBytes((int) extent.length());
      if (bytes.length < extent.length()) {
        long end = extent.offset() + extent.length();
        throw new EOFException(extent.object() + " ends before byte " + end);
      }
      return bytes;
    }
  }

  /**
   * Opens a blob or one of its variants, in a pack or alone; empty when its object is gone.
   *
   * @param range of it; null: all
   * @throws IllegalArgumentException when the range starts beyond the end
   */
  Optional<BlobContent> open(Extent extent, @Nullable ByteRange range) {
    long size = extent.length();
    if (range != null && range.first() >= size) {
      throw new IllegalArgumentException("The range starts beyond the end.");
    }
    if (size == 0) {
      return Optional.of(new BlobContent(0, 0, InputStream.nullInputStream()));
    }
    long first = range == null ? 0 : range.first();
    long last = range == null ? size - 1 : Math.min(range.last(), size - 1);
    return bucket
        .get(extent.object(), extent.offset() + first, extent.offset() + last)
        .map(object -> new BlobContent(size, object.length(), object.stream()));
  }
}
