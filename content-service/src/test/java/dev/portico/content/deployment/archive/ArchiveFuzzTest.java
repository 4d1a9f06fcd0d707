package dev.portico.content.deployment.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

/** Random archives come out as they went in; damaged ones are read or rejected, nothing else. */
class ArchiveFuzzTest {
  private static final ArchiveLimits LIMITS =
      new ArchiveLimits(1000, 4 << 20, 1 << 20, 1024, 200, 4 << 20);

  private final long seed = Long.getLong("portico.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void roundTrips() throws IOException {
    System.out.println("seed " + seed);
    for (int round = 0; round < 60; round++) {
      Map<String, byte[]> files = randomFiles();
      for (byte[] archive : archives(files)) {
        Map<String, byte[]> read = CollectingSink.read(archive, null, LIMITS);
        assertThat(read.keySet()).as("seed " + seed).isEqualTo(files.keySet());
        files.forEach((path, content) -> assertThat(read.get(path)).isEqualTo(content));
      }
    }
  }

  @Test
  void damage() {
    System.out.println("seed " + seed);
    var started = System.nanoTime();
    Map<String, byte[]> files = randomFiles();
    List<byte[]> archives = archives(files);
    archives.add(
        new TarBuilder()
            .pax("path", "x/y")
            .file("a", "hello")
            .link("l", "x")
            .hardLink("h", "x/y")
            .longName("n".repeat(300))
            .file("b", "b")
            .tar());
    for (int round = 0; round < 4000; round++) {
      byte[] archive = archives.get(round % archives.size()).clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(archive.length);
        archive[at] =
            (byte) (random.nextBoolean() ? archive[at] ^ 1 << random.nextInt(8) : random.nextInt());
        if (random.nextInt(3) == 0) {
          repairTarChecksum(archive, at);
        }
      }
      if (random.nextInt(4) == 0) {
        archive = Arrays.copyOf(archive, random.nextInt(archive.length) + 1);
      }
      try {
        CollectingSink.read(archive, null, LIMITS);
      } catch (ArchiveRejected expected) {
        assertThat(expected.getMessage())
            .as("seed " + seed)
            .endsWith(".")
            .doesNotContain("Exception");
      } catch (Exception e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(60));
  }

  /** So that damage gets past the checksum. */
  private static void repairTarChecksum(byte[] archive, int at) {
    int start = at / 512 * 512;
    if (start + 512 <= archive.length && archive[start + 257] == 'u') {
      byte[] block = Arrays.copyOfRange(archive, start, start + 512);
      TarBuilder.checksum(block);
      System.arraycopy(block, 0, archive, start, 512);
    }
  }

  private Map<String, byte[]> randomFiles() {
    var files = new HashMap<String, byte[]>();
    int count = random.nextInt(12) + 1;
    for (int i = 0; i < count; i++) {
      var path = new StringBuilder();
      for (int depth = random.nextInt(4); depth >= 0; depth--) {
        path.append('/').append(depth);
        for (int letters = random.nextInt(depth == 0 ? 150 : 20); letters >= 0; letters--) {
          path.append("ab c.-_é漢%+~".charAt(random.nextInt(12)));
        }
      }
      byte[] content = new byte[random.nextInt(5) == 0 ? 0 : random.nextInt(3000)];
      random.nextBytes(content);
      files.put(path.append(i).toString(), content);
    }
    return files;
  }

  private List<byte[]> archives(Map<String, byte[]> files) {
    var tar = new TarBuilder();
    var channel = new SeekableInMemoryByteChannel();
    try (var zip = new ZipArchiveOutputStream(channel)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        String name = file.getKey().substring(1);
        switch (random.nextInt(2)) {
          case 0 -> tar.pax("path", "./" + name).file("x", file.getValue());
          default -> tar.longName(name).file("x", file.getValue());
        }
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(file.getValue());
        zip.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new ArrayList<>(
        List.of(
            tar.tar(),
            tar.gzip(),
            tar.zstd(),
            Arrays.copyOf(channel.array(), (int) channel.size())));
  }
}
