package dev.portico.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This service judges access tokens as deploy/contracts/access-tokens.json says, and so alike. */
class AccessTokenContractTest {
  private static final GoldenTokens GOLDEN = new GoldenTokens();

  static List<GoldenTokens.Case> cases() throws ParseException, GeneralSecurityException {
    return GOLDEN.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isJudgedAsTheContractSays(GoldenTokens.Case each) throws ParseException {
    TokenVerdict verdict = GOLDEN.rules().judge(each.token(), GOLDEN.keys(), GOLDEN.now());
    switch (verdict) {
      case TokenVerdict.Accepted accepted -> {
        assertThat(each.refused()).as("accepted").isNull();
        assertThat(accepted.claims().getSubject()).isNotBlank();
        assertThat(accepted.groups()).isEqualTo(each.groups());
        assertThat(accepted.ofMachine()).isEqualTo(each.machine());
      }
      case TokenVerdict.Refused refused ->
          assertThat(refused.description()).startsWith(each.refused() + ": ");
    }
  }
}
