package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path folder;

  @Test
  void aSecondHolderIsRefusedAndToldWhoHoldsIt() {
    try (var first = DataFolder.open(folder)) {
      assertThat(first.path()).isEqualTo(folder);
      assertThatThrownBy(() -> DataFolder.open(folder))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("another up (process " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("--data");
    }
    DataFolder.open(folder).close();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("cannot write to " + file);
  }

  @Test
  void aDiskThatIsTooFullIsNamedWithWhatIsNeeded() {
    assertThatThrownBy(() -> DataFolder.requireRoom(folder, (256L << 20) - 1))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("the disk of " + folder + " has 255 MB free and 256 MB are needed")
        .hasMessageContaining("--data");
    DataFolder.requireRoom(folder, 256L << 20);
  }

  @Test
  void secretsAreKeptAndOnlyTheOwnersToRead() throws IOException {
    try (var data = DataFolder.open(folder)) {
      var secret = data.secret("internal", Secrets::internal);
      assertThat(secret).matches("[0-9a-f]{64}");
      assertThat(data.secret("internal", Secrets::internal)).isEqualTo(secret);
      var file = data.secretFile("internal");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void forgettingDeletesWhatIsOursAndNothingElse() throws IOException {
    try (var data = DataFolder.open(folder)) {
      data.note("demo", "published");
      data.secret("internal", Secrets::internal);
      Files.createDirectories(data.folder("s3").resolve("a/b"));
      var theirs = Files.writeString(folder.resolve("thesis.tex"), "years of work");
      var linked = Files.writeString(folder.resolve("linked"), "elsewhere");
      Files.createSymbolicLink(data.folder("s3").resolve("link"), linked);

      data.forget();

      assertThat(data.noted("demo")).isEmpty();
      assertThat(folder.resolve("s3")).doesNotExist();
      assertThat(data.secretFile("internal")).doesNotExist();
      assertThat(theirs).exists();
      assertThat(linked).exists();
    }
  }
}
