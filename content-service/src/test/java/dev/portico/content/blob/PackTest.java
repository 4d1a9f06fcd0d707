package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackTest {
  private static final List<Pack.Entry> ENTRIES =
      List.of(
          new Pack.Entry(digest("a"), null, 3),
          new Pack.Entry(digest("b"), Coding.BR, 0),
          new Pack.Entry(digest("b"), Coding.ZSTD, Integer.MAX_VALUE),
          new Pack.Entry(digest("c"), Coding.GZIP, 7));

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  private static List<Pack.Entry> read(byte[] bytes) throws IOException {
    return Pack.read(new ByteArrayInputStream(bytes));
  }

  @Test
  void theTableOfContentsIsReadAsItWasWritten() throws IOException {
    assertThat(read(Pack.header(ENTRIES))).isEqualTo(ENTRIES);
    List<Pack.Entry> most = Collections.nCopies(Pack.MOST_ENTRIES, ENTRIES.getFirst());
    assertThat(Pack.header(most)).hasSize(Pack.LONGEST_HEADER);
    assertThat(read(Pack.header(most))).isEqualTo(most);
  }

  @Test
  void theBytesFollowItInTheSameOrder() {
    int start = Pack.header(ENTRIES).length;
    assertThat(Pack.extents("key", ENTRIES))
        .containsExactly(
            new Extent("key", start, 3),
            new Extent("key", start + 3, 0),
            new Extent("key", start + 3, Integer.MAX_VALUE),
            new Extent("key", start + 3L + Integer.MAX_VALUE, 7));
  }

  @Test
  void neitherEmptyNorTooLong() {
    assertThatThrownBy(() -> Pack.header(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> Pack.header(Collections.nCopies(Pack.MOST_ENTRIES + 1, ENTRIES.getFirst())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsDamagedIsRefused() {
    byte[] header = Pack.header(ENTRIES);
    for (int length = 0; length < header.length; length++) {
      byte[] cut = Arrays.copyOf(header, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
    }
    for (int at : List.of(0, 3, 4, 8 + 32, 8 + 33)) {
      byte[] changed = header.clone();
      changed[at] = (byte) 0x80;
      assertThatThrownBy(() -> read(changed)).as("byte " + at).isInstanceOf(IOException.class);
    }
    byte[] none = header.clone();
    Arrays.fill(none, 4, 8, (byte) 0);
    assertThatThrownBy(() -> read(none)).hasMessageContaining("0 entries");
  }
}
