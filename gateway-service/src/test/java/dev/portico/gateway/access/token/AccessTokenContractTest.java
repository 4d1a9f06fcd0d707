package dev.portico.gateway.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.access.Identity;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This service judges access tokens as deploy/contracts/access-tokens.json says, and so alike. */
class AccessTokenContractTest {
  private static final GoldenTokens GOLDEN = new GoldenTokens();

  static List<GoldenTokens.Case> cases() throws ParseException, GeneralSecurityException {
    return GOLDEN.cases();
  }

  @Test
  void thereAreCases() throws ParseException, GeneralSecurityException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(54);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isJudgedAsTheContractSays(GoldenTokens.Case each) throws ParseException {
    TokenVerdict verdict = GOLDEN.rules().judge(each.token(), GOLDEN.keys(), GOLDEN.now());
    switch (verdict) {
      case TokenVerdict.Accepted accepted -> {
        assertThat(each.refused()).as("accepted").isNull();
        Identity identity = BearerToken.of(accepted.claims()).who().identity();
        assertThat(identity.subject()).isNotBlank();
        assertThat(identity.username()).isEqualTo(each.machine() ? identity.subject() : "ada");
        assertThat(identity.scopes())
            .containsExactly(each.machine() ? "orders/read" : "aws.cognito.signin.user.admin");
        assertThat(identity.groups()).containsExactlyInAnyOrderElementsOf(each.groups());
        assertThat(identity.claims()).containsKey("client_id").doesNotContainKey("sub");
      }
      case TokenVerdict.Refused refused ->
          assertThat(refused.description()).startsWith(each.refused() + ": ");
    }
  }
}
