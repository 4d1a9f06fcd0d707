package dev.portico.gateway.cache.semantics;

import static dev.portico.gateway.cache.semantics.Answers.answered;
import static dev.portico.gateway.cache.semantics.Answers.ok;
import static dev.portico.gateway.cache.semantics.Answers.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.response.ByteRange;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedPartTest {
  private static final String TAG = "\"a\"";
  private static final AskedPart PART = new AskedPart(new ByteRange(10, 19), 100, TAG);

  private static OriginAnswer part(String contentRange, String etag) {
    return answered(206, "Content-Range", contentRange, "ETag", etag, "Content-Length", "10");
  }

  @Test
  @DisplayName("9110, 13.1.5: a strong validator is sent along")
  void asksUnlessThereIsAnotherVersion() {
    assertThat(PART.fields()).isEqualTo(FieldList.of("Range", "bytes=10-19", "If-Range", TAG));
    assertThatThrownBy(() -> new AskedPart(new ByteRange(0, 1), 9, "W/\"a\""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AskedPart(new ByteRange(5, 9), 9, TAG))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("3.3: a part is kept as what it is")
  void aPartStandsForItself() {
    OriginAnswer whole = Objects.requireNonNull(PART.asWhole(part("bytes 10-19/100", TAG)));
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.response()).isEqualTo(FieldList.of("ETag", TAG, "Content-Length", "10"));
  }

  @Test
  @DisplayName("3.4: only parts that share a strong validator are combined")
  void combining() {
    assertThat(PART.asWhole(part("bytes 10-19/100", "\"b\""))).isNull();
    assertThat(PART.asWhole(part("bytes 10-19/100", "W/\"a\""))).isNull();
    assertThat(PART.asWhole(answered(206, "Content-Range", "bytes 10-19/100"))).isNull();
  }

  @ParameterizedTest
  @DisplayName("9110, 14.4: a part whose range is not understood")
  @ValueSource(
      strings = {
        "bytes 10-19/*",
        "lines 10-19/100",
        "bytes 19-10/100",
        "bytes */100",
        "bytes 10-19",
        "bytes -10-19/100",
        "bytes 10-/100"
      })
  void uselessParts(String range) {
    assertThat(PART.asWhole(part(range, TAG))).isNull();
  }

  @Test
  @DisplayName("3.4: another size, another part or no part is none of it")
  void whatWasNotAskedFor() {
    assertThat(PART.asWhole(part("bytes 10-19/101", TAG))).isNull();
    assertThat(PART.asWhole(part("bytes 10-18/100", TAG))).isNull();
    assertThat(PART.asWhole(part("bytes 10-19/*", TAG))).isNull();
    assertThat(PART.asWhole(ok("ETag", TAG))).isNull();
    assertThat(PART.asWhole(answered(416, "Content-Range", "bytes */100", "ETag", TAG))).isNull();
  }

  private static boolean can(String... fields) {
    String[] all = new String[fields.length + 2];
    System.arraycopy(fields, 0, all, 2, fields.length);
    all[0] = "Cache-Control";
    all[1] = "max-age=60";
    return AskedPart.canBeAskedFor(stored(ok(all)));
  }

  @Test
  @DisplayName("9110, 14.3: where the origin says that it has ranges")
  void canBeAskedForWhereThereAreRanges() {
    assertThat(can("Accept-Ranges", "bytes", "ETag", TAG, "Content-Length", "9")).isTrue();
    assertThat(can("Accept-Ranges", "x, Bytes", "ETag", TAG, "Content-Length", "9")).isTrue();
    assertThat(can("Accept-Ranges", "none", "ETag", TAG, "Content-Length", "9")).isFalse();
    assertThat(can("ETag", TAG, "Content-Length", "9")).isFalse();
    assertThat(can("Accept-Ranges", "bytes", "ETag", "W/" + TAG, "Content-Length", "9")).isFalse();
    assertThat(can("Accept-Ranges", "bytes", "Content-Length", "9")).isFalse();
    assertThat(can("Accept-Ranges", "bytes", "ETag", TAG)).isFalse();
  }
}
