package dev.portico.content.deployment.archive;

import com.github.luben.zstd.ZstdInputStream;
import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** Reads archives: tar, tar.gz, tar.zst and zip. */
public final class ArchiveReader {
  private static final int BUFFER = 1 << 16;

  /**
   * 8 MiB: what levels up to 19 use, and what every decoder should allow (RFC 8878, section
   * 3.1.1.1.2). More would let an archive claim memory at will, beyond the heap's bounds.
   */
  private static final int ZSTD_WINDOW_LOG = 23;

  private final ArchiveLimits limits;
  private final SpoolDirectory spool;

  /**
   * Prepares a reader, which can be used for any number of archives at the same time.
   *
   * @param spool where zip archives are kept while they are read
   */
  public ArchiveReader(ArchiveLimits limits, SpoolDirectory spool) {
    this.limits = limits;
    this.spool = spool;
  }

  /**
   * Reads an archive to its end and hands every file to the sink.
   *
   * @param body the archive; not closed
   * @param contentType its media type; when null or no archive type, the first bytes decide
   * @throws ArchiveRejected when the archive cannot be published
   * @throws SpoolFullException when there is no room for a zip archive now
   * @throws IOException when the body cannot be read, or from the sink
   */
  public void read(InputStream body, @Nullable String contentType, ArchiveSink sink)
      throws IOException {
    var source = new Source(body);
    byte[] magic = new byte[TarHeader.SIZE];
    int length = source.readNBytes(magic, 0, magic.length);
    if (length == 0) {
      throw new ArchiveRejected(Rule.EMPTY, null, "The request has no body; send an archive.");
    }
    var start = new SequenceInputStream(new ByteArrayInputStream(magic, 0, length), source);
    var tree = new EntryTree(limits);
    var links = new Links(limits, tree);
    ArchiveFormat format = format(contentType, magic, length);
    if (format == ArchiveFormat.ZIP) {
      try (var spooled = Spool.of(start, spool, limits.spoolBytes())) {
        new ZipArchive(spooled.file(), limits, tree, links, sink).read();
      }
    } else {
      try (var decoded = new Decoded(source, start, opening(format), limits)) {
        new TarArchive(new BufferedInputStream(decoded, BUFFER), tree, links, sink).read();
      }
    }
    links.resolve(sink);
    if (tree.count() == 0) {
      throw new ArchiveRejected(Rule.EMPTY, null, "The archive holds no files.");
    }
  }

  private static Decoded.Opening opening(ArchiveFormat format) {
    return switch (format) {
      case TAR, ZIP -> raw -> raw;
      case TAR_GZIP ->
          raw ->
              GzipCompressorInputStream.builder()
                  .setInputStream(new BufferedInputStream(raw, BUFFER))
                  .setDecompressConcatenated(true)
                  .get();
      case TAR_ZSTD ->
          raw -> {
            var zstd = new ZstdInputStream(new BufferedInputStream(raw, BUFFER));
            zstd.setLongMax(ZSTD_WINDOW_LOG);
            return zstd;
          };
    };
  }

  private static ArchiveFormat format(@Nullable String contentType, byte[] magic, int length) {
    Optional<ArchiveFormat> said = ArchiveFormat.ofMediaType(contentType);
    Optional<ArchiveFormat> shown = ArchiveFormat.ofMagic(magic, length);
    if (said.isPresent() && shown.isPresent() && said.get() != shown.get()) {
      throw new ArchiveRejected(
          Rule.CORRUPT,
          null,
          "The Content-Type says "
              + said.get().title()
              + ", but the body is "
              + shown.get().title()
              + ".");
    }
    return said.or(() -> shown)
        .orElseThrow(
            () ->
                new ArchiveRejected(
                    Rule.UNKNOWN_FORMAT,
                    null,
                    "The body is neither a tar archive (plain, gzip or zstd) nor a zip archive."));
  }
}
