package dev.portico.content.deployment.archive;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The archive after decompression. Turns whatever a decompressor throws into an {@link
 * ArchiveRejected}, and stops bombs.
 */
final class Decoded extends InputStream {
  /** Below this many bytes nobody cares about the ratio. */
  static final long RATIO_FREE = 64L << 20;

  private final Source source;
  private final Opening opening;
  private final ArchiveLimits limits;
  private @Nullable InputStream decoder;
  private long count;

  /** Opens a decompressor, which may read and throw already. */
  interface Opening {
    InputStream open(InputStream source) throws IOException;
  }

  Decoded(Source source, InputStream start, Opening opening, ArchiveLimits limits) {
    this.source = source;
    this.opening = raw -> opening.open(start);
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read;
    try {
      if (decoder == null) {
        decoder = opening.open(source);
      }
      read = decoder.read(bytes, offset, length);
    } catch (IOException | RuntimeException e) {
      throw rejected(e);
    }
    count += Math.max(read, 0);
    if (count > RATIO_FREE && count / limits.ratio() > source.count()) {
      throw new ArchiveRejected(
          Rule.RATIO,
          null,
          "The archive expands to more than " + limits.ratio() + " times its size.");
    }
    return read;
  }

  private ArchiveRejected rejected(Exception e) throws IOException {
    IOException cut = source.failure();
    if (cut != null) {
      throw cut;
    }
    if (e instanceof ArchiveRejected already) {
      return already;
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("too much memory")) {
      return new ArchiveRejected(
          Rule.KIND,
          null,
          "The archive needs a zstd window of more than 8 MiB; compress it with level 19 or less,"
              + " without --ultra and --long.");
    }
    return e instanceof EOFException || message.startsWith("Truncated")
        ? truncated(null)
        : new ArchiveRejected(
            Rule.CORRUPT, null, "The archive is damaged: its compressed data cannot be read.");
  }

  static ArchiveRejected truncated(@Nullable String entry) {
    return new ArchiveRejected(
        Rule.TRUNCATED,
        entry,
        "The archive ends too early" + (entry == null ? "." : ", within " + entry + "."));
  }

  @Override
  public void close() throws IOException {
    if (decoder != null) {
      // Frees native memory; the body below ignores it.
      decoder.close();
    }
  }
}
