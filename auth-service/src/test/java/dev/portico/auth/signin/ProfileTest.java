package dev.portico.auth.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileTest {
  @Test
  void hasWhatTheIdTokenSaysOfTheAccount() {
    var id =
        new JWTClaimsSet.Builder()
            .subject("sub-1")
            .issuer("https://issuer")
            .audience("client")
            .claim("cognito:username", "ann")
            .claim("cognito:groups", List.of("staff"))
            .claim("email", "ann@example.com")
            .claim("email_verified", true)
            .claim("name", "Ann")
            .claim("origin_jti", "o")
            .claim("token_use", "id")
            .claim("auth_time", 1)
            .claim("locale", "de")
            .claim("custom:department", "engineering")
            .claim("phone_number_verified", true)
            .claim("teams", List.of("red", "green"))
            .claim("levels", List.of(1, 2))
            .claim("identities", List.of(Map.of("providerName", "Okta")))
            .claim("nested", List.of("a", List.of("b")))
            .build();
    assertThat(Profile.of(id))
        .isEqualTo(
            new Profile(
                "ann",
                "ann@example.com",
                true,
                "Ann",
                List.of("staff"),
                Map.of(
                    "locale",
                    "de",
                    "custom:department",
                    "engineering",
                    "phone_number_verified",
                    "true"),
                Map.of("teams", List.of("red", "green"), "levels", List.of("1", "2"))));
  }

  @Test
  void doesWithoutWhatIsNotThere() {
    assertThat(Profile.of(new JWTClaimsSet.Builder().subject("sub-1").build()))
        .isEqualTo(new Profile("sub-1", null, false, null, List.of(), Map.of(), Map.of()));
  }
}
