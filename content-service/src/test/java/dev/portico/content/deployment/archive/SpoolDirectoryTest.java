package dev.portico.content.deployment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolDirectoryTest {
  @TempDir Path parent;

  private static ByteArrayInputStream bytes(int count) {
    return new ByteArrayInputStream(new byte[count]);
  }

  @Test
  void allArchivesTogetherAreBounded() throws IOException {
    try (var directory = SpoolDirectory.open(parent, 1000)) {
      try (var first = Spool.of(bytes(600), directory, 1000)) {
        assertThatThrownBy(() -> Spool.of(bytes(401), directory, 1000))
            .isInstanceOf(SpoolFullException.class);
        assertThat(directory.used()).isEqualTo(600);
        try (var second = Spool.of(bytes(400), directory, 1000)) {
          assertThat(second.file()).hasSize(400);
        }
        assertThat(first.file()).hasSize(600);
        assertThatThrownBy(() -> Spool.of(bytes(401), directory, 400))
            .isInstanceOf(ArchiveRejected.class);
        assertThat(directory.used()).isEqualTo(600);
      }
      assertThat(directory.used()).isZero();
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAndWhatIsInUseIsNot() throws IOException {
    Path left = Files.createDirectory(parent.resolve("portico-spool-dead"));
    Files.createFile(left.resolve("lock"));
    Files.write(left.resolve("upload-1.zip"), new byte[100]);
    try (var used = SpoolDirectory.open(parent, 1000);
        var spool = Spool.of(bytes(10), used, 1000);
        var other = SpoolDirectory.open(parent, 1000)) {
      assertThat(left).doesNotExist();
      assertThat(spool.file()).exists();
      assertThat(other.path()).isNotEqualTo(used.path());
    }
  }
}
