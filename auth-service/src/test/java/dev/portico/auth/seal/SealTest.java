package dev.portico.auth.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final String ONE = "k1:" + Base64.getEncoder().encodeToString(new byte[32]);
  private static final String TWO =
      "k2:"
          + Base64.getEncoder()
              .encodeToString("another key of 32 bytes, as such".getBytes(US_ASCII));

  private static Seal seal(String... keys) {
    return new Seal(new SealSettings(List.of(keys)));
  }

  @Test
  void opensWhatItClosedForThatPlaceOnly() {
    var seal = seal(ONE);
    String closed = seal.close("text \u00e4", "place");
    assertThat(closed).startsWith("k1.").doesNotContain("text");
    assertThat(seal.open(closed, "place")).contains("text \u00e4");
    assertThat(seal.open(closed, "another place")).isEmpty();
    assertThat(seal.close("text \u00e4", "place")).isNotEqualTo(closed);
  }

  @Test
  void opensNothingThatWasChanged() {
    var seal = seal(ONE);
    String closed = seal.close("text", "place");
    // Not the last letter, of which base64 does not count all bits.
    for (int i = 0; i < closed.length() - 1; i++) {
      char other = closed.charAt(i) == 'A' ? 'Q' : 'A';
      String changed = closed.substring(0, i) + other + closed.substring(i + 1);
      assertThat(seal.open(changed, "place")).as(changed).isEmpty();
      assertThat(seal.open(closed.substring(0, i), "place")).isEmpty();
    }
    assertThat(seal.open("k1.!", "place")).isEmpty();
  }

  @Test
  void keysAreReplacedOneAfterTheOther() {
    String old = seal(ONE).close("text", "place");
    var both = seal(TWO, ONE);
    assertThat(both.open(old, "place")).contains("text");
    String fresh = both.close("text", "place");
    assertThat(fresh).startsWith("k2.");
    assertThat(seal(TWO).open(fresh, "place")).contains("text");
    assertThat(seal(TWO).open(old, "place")).isEmpty();
    assertThat(seal(ONE).open(fresh, "place")).isEmpty();
  }

  @Test
  void challengesAreThoseOfRfc7636() {
    // RFC 7636 appendix B.
    assertThat(Secret.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
        .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assertThat(Secret.fresh()).hasSize(Secret.LENGTH).isNotEqualTo(Secret.fresh());
  }
}
