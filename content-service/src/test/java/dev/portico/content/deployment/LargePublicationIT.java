package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/**
 * A publication many times as large as the service's heap. Its size in bytes is set by {@code
 * portico.test.archive-bytes}.
 */
class LargePublicationIT {
  private static final int FILES = 3;

  @Test
  void anArchiveLargerThanTheHeapIsPublished() {
    long bytes = Long.getLong("portico.test.archive-bytes", 1L << 30);
    try (ServiceProcess service = new ServiceProcess("-Xmx160m", "-XX:MaxDirectMemorySize=64m")) {
      Publisher publisher = new Publisher(service::api, service.token());
      String site = publisher.newSite();
      Answer published =
          publisher.put(
              "/v1/sites/" + site + "/deployments",
              BodyPublishers.ofInputStream(() -> new GeneratedTar(bytes / FILES)));
      assertThat(published.status()).as(published.text()).isEqualTo(201);
      assertThat(published.json().path("bytes").asLong()).isEqualTo(bytes / FILES * FILES);
      assertThat(service.process().isAlive()).isTrue();
      Answer part =
          publisher.get(
              "/v1/sites/"
                  + site
                  + "/deployments/"
                  + published.json().path("id").asText()
                  + "/files/large1.bin",
              "Range",
              "bytes=-100");
      assertThat(part.status()).isEqualTo(206);
      assertThat(part.header("Content-Length")).isEqualTo("100");
    }
  }

  /** A tar of {@value #FILES} large files of pseudo-random bytes, made as it is read. */
  private static final class GeneratedTar extends InputStream {
    private final long fileBytes;
    private final byte[] block = new byte[64 * 1024];
    private InputStream header = InputStream.nullInputStream();
    private int file;
    private long left;
    private long state = 88172645463325252L;
    private boolean ended;

    GeneratedTar(long fileBytes) {
      this.fileBytes = fileBytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      while (true) {
        int read = header.read(target, offset, length);
        if (read > 0) {
          return read;
        }
        if (left > 0) {
          int count = (int) Math.min(left, Math.min(length, block.length));
          fill();
          System.arraycopy(block, 0, target, offset, count);
          left -= count;
          if (left == 0) {
            header = new ByteArrayInputStream(new byte[(int) ((512 - fileBytes % 512) % 512)]);
          }
          return count;
        }
        if (file < FILES) {
          header = new ByteArrayInputStream(entry("large" + file++ + ".bin"));
          left = fileBytes;
        } else if (!ended) {
          ended = true;
          header = new ByteArrayInputStream(new byte[1024]);
        } else {
          return -1;
        }
      }
    }

    private void fill() {
      ByteBuffer longs = ByteBuffer.wrap(block);
      while (longs.hasRemaining()) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        longs.putLong(state);
      }
    }

    private byte[] entry(String name) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(fileBytes);
        // Only the header is wanted, so the stream is dropped with its entry open.
        @SuppressWarnings("resource")
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8");
        tar.putArchiveEntry(entry);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }
  }
}
