package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=5-,5,99",
    "bytes=-10,90,99",
    "bytes=-1000,0,99",
    "Bytes=10-1000,10,99",
    "bytes=0-99999999999999999999,0,99"
  })
  void parts(String header, long first, long last) {
    assertThat(RangeHeader.parse(header, 100))
        .isEqualTo(new RangeHeader(new ByteRange(first, last), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "lines=1-2"
      })
  void whatIsNotUnderstoodIsIgnored(String header) {
    assertThat(RangeHeader.parse(header, 100)).isEqualTo(new RangeHeader(null, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void whatCannotBe(String header) {
    assertThat(RangeHeader.parse(header, 100).unsatisfiable()).isTrue();
  }

  @Test
  void aDigestSetNeverMissesWhatWasAdded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var set = new DigestSet();
    var digests = new java.util.HashSet<Digest>();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[8];
      random.nextBytes(bytes);
      Digest digest = Digest.of(bytes);
      digests.add(digest);
      set.add(digest);
      set.add(digest);
    }
    assertThat(set.size()).isEqualTo(digests.size());
    assertThat(digests).allMatch(set::contains);
    assertThat(set.contains(Digest.of("other".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
        .isFalse();
    Digest zero = new Digest("0".repeat(64));
    assertThat(set.contains(zero)).isFalse();
    set.add(zero);
    assertThat(set.contains(zero)).isTrue();
  }
}
