package dev.portico.content.deployment;

import dev.portico.content.blob.BlobContent;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.StoredManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as a tar archive (POSIX.1-2001 pax), made while it is read. Small files are fetched
 * ahead, several at a time, since each costs a round trip; large ones are passed on as they come.
 */
final class TarStream extends InputStream {
  private static final int RECORD = 512;
  private static final int AHEAD = 16;
  private static final int SMALL = 128 * 1024;

  private final StoredManifest manifest;
  private final BlobStore blobs;
  private final Instant modified;
  private final ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Entry> ahead = new ArrayDeque<>();
  private boolean listed;
  private @Nullable Entry open;
  private InputStream part = InputStream.nullInputStream();
  private Stage stage = Stage.NEXT;

  private enum Stage {
    NEXT,
    HEADER,
    CONTENT,
    PADDING,
    END
  }

  private record Entry(ManifestFile file, @Nullable Future<byte[]> fetched) {}

  /** Reads what {@code manifest} names; closing this closes it. */
  TarStream(StoredManifest manifest, BlobStore blobs, Instant modified) {
    this.manifest = manifest;
    this.blobs = blobs;
    this.modified = modified;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (true) {
      int read = part.read(target, offset, length);
      if (read > 0) {
        return read;
      }
      if (stage == Stage.END) {
        return -1;
      }
      part.close();
      advance();
    }
  }

  @Override
  public void close() throws IOException {
    fetchers.shutdownNow();
    try (manifest) {
      part.close();
    }
  }

  private void advance() throws IOException {
    Entry entry = open;
    switch (stage) {
      case NEXT, PADDING -> {
        open = next();
        stage = open == null ? Stage.END : Stage.HEADER;
        part = new ByteArrayInputStream(open == null ? new byte[2 * RECORD] : header(open.file()));
      }
      case HEADER -> {
        stage = Stage.CONTENT;
        part = entry == null ? InputStream.nullInputStream() : content(entry);
      }
      case CONTENT -> {
        stage = Stage.PADDING;
        long size = entry == null ? 0 : entry.file().size();
        part = new ByteArrayInputStream(new byte[(int) ((RECORD - size % RECORD) % RECORD)]);
      }
      case END -> throw new IllegalStateException("read beyond the end");
    }
  }

  private @Nullable Entry next() throws IOException {
    while (!listed && ahead.size() < AHEAD) {
      ManifestFile file = manifest.next();
      if (file == null) {
        listed = true;
      } else {
        ahead.add(new Entry(file, file.size() > SMALL ? null : fetchers.submit(() -> fetch(file))));
      }
    }
    return ahead.poll();
  }

  private byte[] fetch(ManifestFile file) throws IOException {
    try (BlobContent blob = blob(file)) {
      return blob.stream().readAllBytes();
    }
  }

  private InputStream content(Entry entry) throws IOException {
    if (entry.fetched() == null) {
      return blob(entry.file()).stream();
    }
    try {
      byte[] bytes = entry.fetched().get();
      if (bytes.length != entry.file().size()) {
        throw new IOException("blob " + entry.file().sha256() + " is not whole");
      }
      return new ByteArrayInputStream(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("cannot read blob " + entry.file().sha256(), e.getCause());
    }
  }

  private BlobContent blob(ManifestFile file) throws IOException {
    return blobs
        .open(new Digest(file.sha256()), null)
        .orElseThrow(() -> new IOException("blob " + file.sha256() + " is missing"));
  }

  private byte[] header(ManifestFile file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(file.path().substring(1));
    entry.setSize(file.size());
    entry.setLastModifiedTime(FileTime.from(Instant.ofEpochSecond(modified.getEpochSecond())));
    entry.setUserId(0);
    entry.setGroupId(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(RECORD);
    // Only the header is wanted from it, so it is dropped with the entry still open.
    @SuppressWarnings("resource")
    TarArchiveOutputStream tar =
        new TarArchiveOutputStream(bytes, RECORD, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    tar.putArchiveEntry(entry);
    return bytes.toByteArray();
  }
}
