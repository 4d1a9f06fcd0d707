package dev.portico.standins.cognito.mfa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TotpTest {
  /** The secret of RFC 6238 appendix B. */
  private static final String SECRET =
      Totp.encode("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  /** RFC 6238 appendix B for SHA-1; its last six of eight digits. */
  @ParameterizedTest
  @CsvSource({
    "59,287082",
    "1111111109,081804",
    "1111111111,050471",
    "1234567890,005924",
    "2000000000,279037",
    "20000000000,353130"
  })
  void codesAreThoseOfTheRfc(long seconds, String code) {
    assertThat(Totp.at(SECRET, seconds)).isEqualTo(code);
  }

  @Test
  void base32IsThatOfRfc4648() {
    assertThat(SECRET).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assertThat(Totp.encode("fooba".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YTB");
    assertThat(Totp.encode("foob".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YQ");
    assertThat(Totp.encode(new byte[32])).hasSize(52);
  }

  @ParameterizedTest
  @CsvSource({"-31,false", "-30,true", "0,true", "29,true", "59,true", "60,false", "-60,false"})
  void oneStepAroundThePresentIsAccepted(long later, boolean accepted) {
    long made = 1_200_000_000;
    boolean matches = Totp.match(SECRET, Totp.at(SECRET, made), made + later).isPresent();
    assertThat(matches).isEqualTo(accepted);
  }

  @Test
  void anythingElseIsRefused() {
    for (var entered : new String[] {"", "28708", "2870820", "abcdef", "２８７０８２"}) {
      assertThat(Totp.match(SECRET, entered, 59)).isEmpty();
    }
  }
}
