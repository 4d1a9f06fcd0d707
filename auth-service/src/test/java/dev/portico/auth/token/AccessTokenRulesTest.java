package dev.portico.auth.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.fixture.TokenMint;
import java.net.ConnectException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenRulesTest {
  private static final String ISSUER =
      "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Portico";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final RSAKey KEY = TokenMint.key("one");
  private static final RSAKey OTHER = TokenMint.key("two");
  private static final SigningKeys KEYS =
      id -> Optional.of(KEY.toPublicJWK()).filter(key -> key.getKeyID().equals(id));

  private final AccessTokenRules rules =
      new AccessTokenRules(ISSUER, Set.of("client", "second-client"), Duration.ofSeconds(60));

  private static JWTClaimsSet.Builder claims() {
    return TokenMint.accessClaims(ISSUER, "client", NOW);
  }

  private TokenVerdict judge(String token) {
    return rules.judge(token, KEYS, NOW);
  }

  private String refusal(String token) {
    TokenVerdict verdict = judge(token);
    assertThat(verdict).isInstanceOf(TokenVerdict.Refused.class);
    String description = ((TokenVerdict.Refused) verdict).description();
    // RFC 6750 section 3: the characters of error_description.
    assertThat(description).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    return description;
  }

  @Nested
  class Accepts {
    @Test
    void anAccessTokenOfThePoolForAListedClient() {
      assertThat(judge(TokenMint.rs256(claims().build(), KEY)))
          .isInstanceOfSatisfying(
              TokenVerdict.Accepted.class,
              accepted -> assertThat(accepted.claims().getIssuer()).isEqualTo(ISSUER));
      assertThat(judge(TokenMint.rs256(claims().claim("client_id", "second-client").build(), KEY)))
          .isInstanceOf(TokenVerdict.Accepted.class);
    }

    @Test
    void oneThatExpiredOrStartsWithinTheSkew() {
      Date justExpired = Date.from(NOW.minusSeconds(59));
      Date soon = Date.from(NOW.plusSeconds(60));
      assertThat(judge(TokenMint.rs256(claims().expirationTime(justExpired).build(), KEY)))
          .isInstanceOf(TokenVerdict.Accepted.class);
      assertThat(judge(TokenMint.rs256(claims().issueTime(soon).build(), KEY)))
          .isInstanceOf(TokenVerdict.Accepted.class);
    }
  }

  @Nested
  class Refuses {
    @Test
    void anExpiredOneNamingBothTimes() {
      Date expired = Date.from(NOW.minusSeconds(60));
      assertThat(refusal(TokenMint.rs256(claims().expirationTime(expired).build(), KEY)))
          .startsWith("expired")
          .contains("2026-03-01T11:59:00Z", "2026-03-01T12:00:00Z");
    }

    @Test
    void oneFromTheFutureNamingTheClock() {
      Date later = Date.from(NOW.plusSeconds(61));
      assertThat(refusal(TokenMint.rs256(claims().issueTime(later).build(), KEY)))
          .startsWith("not yet valid")
          .contains("clock");
      assertThat(refusal(TokenMint.rs256(claims().notBeforeTime(later).build(), KEY)))
          .startsWith("not yet valid");
    }

    @Test
    void anIdToken() {
      var id =
          claims().claim("token_use", "id").claim("client_id", null).audience("client").build();
      assertThat(refusal(TokenMint.rs256(id, KEY)))
          .startsWith("wrong token_use")
          .contains("ID token");
    }

    @Test
    void anotherPoolsEvenWhenItsKeyIsUnknown() {
      var other = claims().issuer(ISSUER + "2").build();
      assertThat(refusal(TokenMint.rs256(other, OTHER))).startsWith("wrong issuer");
      assertThat(refusal(TokenMint.rs256(other, KEY))).startsWith("wrong issuer");
    }

    @Test
    void anotherClients() {
      assertThat(refusal(TokenMint.rs256(claims().claim("client_id", "theirs").build(), KEY)))
          .startsWith("wrong client_id");
    }

    @Test
    void forgedOnes() throws ParseException {
      String good = TokenMint.rs256(claims().build(), KEY);
      Base64URL[] parts = SignedJWT.parse(good).getParsedParts();
      Base64URL admin =
          Base64URL.encode(
              parts[1].decodeToString().replaceFirst("\\{", "{\"cognito:groups\":[\"admins\"],"));
      assertThat(refusal(parts[0] + "." + admin + "." + parts[2])).startsWith("bad signature");
      assertThat(refusal(TokenMint.rs256(claims().build(), OTHER))).startsWith("bad signature");
      assertThat(refusal(TokenMint.rsa(JWSAlgorithm.RS256, "one", claims().build(), OTHER)))
          .startsWith("bad signature");
    }

    @Test
    void otherAlgorithms() {
      assertThat(refusal(TokenMint.none(claims().build()))).startsWith("wrong algorithm");
      assertThat(refusal(TokenMint.hs256WithPublicKey(claims().build(), KEY)))
          .startsWith("wrong algorithm");
      assertThat(refusal(TokenMint.rsa(JWSAlgorithm.PS256, "one", claims().build(), KEY)))
          .startsWith("wrong algorithm");
    }

    @Test
    void oneWithoutTimesOrSubject() {
      assertThat(refusal(TokenMint.rs256(claims().expirationTime(null).build(), KEY)))
          .startsWith("malformed");
      assertThat(refusal(TokenMint.rs256(claims().subject(null).build(), KEY)))
          .startsWith("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "e30.e30.", "pdt_abc", "{}", "\u0000"})
    void whatIsNoToken(String token) {
      assertThat(refusal(token)).matches("(malformed|wrong algorithm).*");
    }

    @Test
    void oneThatIsTooLong() {
      assertThat(refusal("a".repeat(AccessTokenRules.MAX_LENGTH + 1))).startsWith("malformed");
    }

    @Test
    void everySingleFlippedCharacter() {
      long seed = new Random().nextLong();
      var random = new Random(seed);
      String good = TokenMint.rs256(claims().build(), KEY);
      for (int i = 0; i < 200; i++) {
        // The last character of the signature holds unused bits, so that flipping it may be none.
        int at = random.nextInt(good.length() - 1);
        char other = good.charAt(at) == 'A' ? 'B' : 'A';
        String changed = good.substring(0, at) + other + good.substring(at + 1);
        assertThat(judge(changed))
            .as("seed %d, position %d", seed, at)
            .isInstanceOf(TokenVerdict.Refused.class);
      }
    }
  }

  @Test
  void saysNothingAboutATokenWhenTheKeysCannotBeHad() {
    SigningKeys none =
        id -> {
          throw new KeysUnavailableException(new ConnectException("refused"));
        };
    String good = TokenMint.rs256(claims().build(), KEY);
    assertThatThrownBy(() -> rules.judge(good, none, NOW))
        .isInstanceOf(KeysUnavailableException.class);
  }
}
