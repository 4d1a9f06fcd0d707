package dev.portico.gateway.cache.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
  /** From CPython 3.11, whose hash of bytes is SipHash-1-3 with a zero key (PYTHONHASHSEED=0). */
  @ParameterizedTest
  @CsvSource({
    "a, 407448d2b89b1813",
    "abcdefg, 6db12aae9070f506",
    "abcdefgh, 3f7b849c0b8e35ea",
    "abcdefghi, f89b34a3d11eb6e5"
  })
  void agreesWithAnotherImplementation(String text, String hash) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    assertThat(KeyHash.of(bytes, bytes.length, 0, 0)).isEqualTo(Long.parseUnsignedLong(hash, 16));
  }

  @Test
  void highAndManyBytes() {
    byte[] high = new byte[23];
    Arrays.fill(high, (byte) 0xff);
    assertThat(KeyHash.of(high, 23, 0, 0)).isEqualTo(0x757ceb3222e74f4fL);
    byte[] many = new byte[100];
    for (int i = 0; i < 64; i++) {
      many[i] = (byte) i;
    }
    assertThat(KeyHash.of(many, 64, 0, 0)).isEqualTo(0x75e05fd5bbc870c6L);
  }

  @Test
  void theProcessHasASecret() {
    byte[] bytes = {1, 2, 3};
    assertThat(KeyHash.of(bytes, 3)).isNotEqualTo(KeyHash.of(bytes, 3, 0, 0));
  }
}
