package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.content.deployment.archive.ArchiveRejected.Rule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

class ZipArchiveTest {
  private final SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
  private final ZipArchiveOutputStream zip = new ZipArchiveOutputStream(channel);

  private void add(String name, int mode, byte[] content) throws IOException {
    var entry = new ZipArchiveEntry(name);
    if (mode != 0) {
      entry.setUnixMode(mode);
    }
    zip.putArchiveEntry(entry);
    zip.write(content);
    zip.closeArchiveEntry();
  }

  private byte[] bytes() throws IOException {
    zip.close();
    return Arrays.copyOf(channel.array(), (int) channel.size());
  }

  private static ArchiveRejected rejected(byte[] archive) {
    return catchThrowableOfType(ArchiveRejected.class, () -> CollectingSink.read(archive));
  }

  @Test
  void filesDirectoriesAndLinks() throws IOException {
    add("dir/", 040755, new byte[0]);
    add("dir/a.html", 0100644, "<p>".getBytes(UTF_8));
    add("link", 0120777, "dir".getBytes(UTF_8));
    add("windows.txt", 0, "w".getBytes(UTF_8));
    add("漢😀", 0100644, new byte[70_000]);
    assertThat(CollectingSink.read(bytes()))
        .containsOnlyKeys("/dir/a.html", "/link/a.html", "/windows.txt", "/漢😀");
  }

  @Test
  void zip64() throws IOException {
    zip.setUseZip64(Zip64Mode.Always);
    add("a", 0100644, "x".getBytes(UTF_8));
    assertThat(CollectingSink.read(bytes())).containsOnlyKeys("/a");
  }

  @Test
  void hostileEntries() throws IOException {
    add("../a", 0100644, new byte[1]);
    assertThat(rejected(bytes()).rule()).isEqualTo(Rule.NAME);
  }

  @Test
  void linksThatLeave() throws IOException {
    add("a", 0120777, "../../etc/passwd".getBytes(UTF_8));
    assertThat(rejected(bytes()).rule()).isEqualTo(Rule.LINK);
  }

  @Test
  void duplicatesAndDevices() throws IOException {
    add("a", 0100644, new byte[1]);
    add("a", 0100644, new byte[1]);
    assertThat(rejected(bytes()).rule()).isEqualTo(Rule.DUPLICATE);
  }

  @Test
  void fifos() throws IOException {
    add("a", 0010644, new byte[0]);
    assertThat(rejected(bytes()).rule()).isEqualTo(Rule.KIND);
  }

  @Test
  void bombs() throws IOException {
    add("zeros", 0100644, new byte[100 << 20]);
    assertThat(rejected(bytes()).rule()).isEqualTo(Rule.RATIO);
  }

  @Test
  void emptyTruncatedAndLonger() throws IOException {
    add("a", 0100644, "hello hello hello".getBytes(UTF_8));
    byte[] whole = bytes();
    for (int length = 4; length < whole.length; length++) {
      ArchiveRejected rejected = rejected(Arrays.copyOf(whole, length));
      assertThat(rejected).as("cut at " + length).isNotNull();
      assertThat(rejected.rule().status()).isEqualTo(400);
    }
    assertThat(rejected(Arrays.copyOf(whole, whole.length + 1)).rule().status()).isEqualTo(400);
    var empty = new ByteArrayOutputStream();
    new ZipArchiveOutputStream(empty).close();
    assertThat(rejected(empty.toByteArray()).rule()).isEqualTo(Rule.EMPTY);
  }

  @Test
  void theDirectoryMustHaveTheEntriesThatTheEndClaims() throws IOException {
    add("a", 0100644, new byte[1]);
    add("b", 0100644, new byte[1]);
    byte[] whole = bytes();
    for (int claimed : new int[] {0, 1, 3}) {
      byte[] lie = whole.clone();
      lie[whole.length - 14] = (byte) claimed;
      lie[whole.length - 12] = (byte) claimed;
      assertThat(rejected(lie)).as("claims " + claimed).isNotNull();
      assertThat(rejected(lie).rule()).isEqualTo(Rule.CORRUPT);
    }
    byte[] shorter = whole.clone();
    shorter[whole.length - 10]--;
    assertThat(rejected(shorter)).isNotNull();
    assertThat(rejected(shorter).rule()).isEqualTo(Rule.CORRUPT);
  }

  @Test
  void aSecondEndInTheCommentIsRefused() throws IOException {
    add("a", 0100644, new byte[1]);
    zip.setComment("PK\005\006" + "\0".repeat(30));
    byte[] whole = bytes();
    assertThat(rejected(whole)).isNotNull();
    assertThat(rejected(whole).rule()).isEqualTo(Rule.CORRUPT);
  }

  @Test
  void manyEntriesWithLongNamesAndAComment() throws IOException {
    for (int i = 0; i < 500; i++) {
      add("n".repeat(200 + i) + i, 0100644, new byte[1]);
    }
    zip.setComment("made by hand");
    assertThat(CollectingSink.read(bytes())).hasSize(500);
  }

  @Test
  void encryptedEntries() throws IOException {
    add("a", 0100644, "hello".getBytes(UTF_8));
    byte[] whole = bytes();
    for (int i = 0; i < whole.length - 4; i++) {
      if (whole[i] == 'P' && whole[i + 1] == 'K' && whole[i + 2] == 1 && whole[i + 3] == 2) {
        whole[i + 8] |= 1;
      }
    }
    assertThat(rejected(whole).rule()).isEqualTo(Rule.ENCRYPTED);
  }

  @Test
  void aWrongChecksumIsNoticed() throws IOException {
    add("a", 0100644, "hello".getBytes(UTF_8));
    byte[] whole = bytes();
    for (int i = 0; i < whole.length - 4; i++) {
      if (whole[i] == 'P' && whole[i + 1] == 'K' && whole[i + 2] == 1 && whole[i + 3] == 2) {
        whole[i + 16] ^= 1;
      }
    }
    assertThat(rejected(whole).rule()).isEqualTo(Rule.CORRUPT);
  }
}
