package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  private static final List<String> VOLUMES = List.of("dynamodb", "s3", "cognito", "state", "tls");

  @TempDir Path from;
  @TempDir Path to;
  private byte[] export = {};

  @BeforeEach
  void export() throws Exception {
    for (var volume : VOLUMES) {
      Files.createDirectories(from.resolve(volume));
      Files.createDirectories(to.resolve(volume));
    }
    Files.writeString(from.resolve("s3/object"), "what is stored");
    Files.writeString(from.resolve("state/secret"), "a secret");
    var out = new ByteArrayOutputStream();
    Backup.export(from, out);
    export = out.toByteArray();
  }

  @Test
  void whatWasExportedIsPutBack() {
    Backup.restore(to, new ByteArrayInputStream(export));
    assertThat(to.resolve("s3/object")).hasContent("what is stored");
    assertThat(to.resolve("state/secret")).hasContent("a secret");
    assertThatCode(() -> Backup.requireWhole(to)).doesNotThrowAnyException();
  }

  @Test
  void nobodyStartsOnAPartOfAnExport() {
    // Without the sum at its end.
    var cut = new ByteArrayInputStream(Arrays.copyOf(export, export.length - 9));
    assertThatThrownBy(() -> Backup.restore(to, cut)).isNotNull();
    assertThat(to.resolve("s3/object")).exists();
    assertThatThrownBy(() -> Backup.requireWhole(to)).hasMessageContaining("not finished");
    assertThatThrownBy(() -> Backup.restore(to, new ByteArrayInputStream(export)))
        .hasMessageContaining("empty volumes only");
  }

  @Test
  void whatIsNoExportLeavesVolumesEmpty() {
    assertThatThrownBy(() -> Backup.restore(to, new ByteArrayInputStream(new byte[] {1, 2, 3})))
        .isNotNull();
    assertThatCode(() -> Backup.requireWhole(to)).doesNotThrowAnyException();
    assertThatCode(() -> Backup.restore(to, new ByteArrayInputStream(export)))
        .doesNotThrowAnyException();
  }
}
