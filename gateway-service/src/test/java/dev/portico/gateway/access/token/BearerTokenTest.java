package dev.portico.gateway.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BearerTokenTest {
  @Test
  void claimsAreTextsOrListsOfTexts() {
    var token =
        new JWTClaimsSet.Builder()
            .subject("sub-1")
            .expirationTime(Date.from(Instant.EPOCH))
            .claim("cognito:groups", List.of("staff"))
            .claim("scope", "openid orders/read")
            .claim("level", 3)
            .claim("teams", List.of("red", "green"))
            .claim("flags", List.of(true, 2))
            .claim("nested", List.of("a", Map.of("b", 1)))
            .claim("holed", Arrays.asList("a", null))
            .claim("object", Map.of("a", "b"))
            .build();
    var identity = BearerToken.of(token).who().identity();
    assertThat(identity.groups()).containsExactly("staff");
    assertThat(identity.scopes()).containsExactlyInAnyOrder("openid", "orders/read");
    assertThat(identity.claims()).isEqualTo(Map.of("level", "3"));
    assertThat(identity.claimLists())
        .isEqualTo(Map.of("teams", List.of("red", "green"), "flags", List.of("true", "2")));
  }
}
