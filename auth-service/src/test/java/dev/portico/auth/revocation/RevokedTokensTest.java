package dev.portico.auth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevokedTokensTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_764_370_000);
  private static final Instant UNTIL = NOW.plusSeconds(86_400);

  private final RevokedTokens tokens = new RevokedTokens();

  @Test
  void holdsOfOneOrigin() {
    tokens.add(Revocation.token("origin", UNTIL));
    assertThat(tokens.has("origin", "ann", NOW)).isTrue();
    assertThat(tokens.has("origin", "ann", NOW.plusSeconds(60))).as("refreshed later").isTrue();
    assertThat(tokens.has("other", "ann", NOW)).isFalse();
    assertThat(tokens.has(null, "ann", NOW)).isFalse();
  }

  @Test
  void holdsOfAllThatIsOlder() {
    tokens.add(Revocation.user("ann", NOW, UNTIL));
    assertThat(tokens.has("origin", "ann", NOW.minusSeconds(1))).isTrue();
    assertThat(tokens.has("origin", "ann", NOW)).isFalse();
    assertThat(tokens.has("origin", "bob", NOW.minusSeconds(1))).isFalse();
    tokens.add(Revocation.user("ann", NOW.minusSeconds(100), UNTIL.minusSeconds(100)));
    assertThat(tokens.has("origin", "ann", NOW.minusSeconds(1))).as("the later one").isTrue();
  }

  @Test
  void sessionsSayNothingOfTokens() {
    tokens.add(Revocation.session("s-1", UNTIL));
    assertThat(tokens.has("s-1", "s-1", NOW)).isFalse();
  }

  @Test
  void isForgottenWhenNothingIsLeft() {
    tokens.add(Revocation.token("origin", UNTIL));
    tokens.add(Revocation.user("ann", NOW, UNTIL));
    tokens.forget(UNTIL);
    assertThat(tokens.has("origin", "bob", NOW)).isTrue();
    assertThat(tokens.has(null, "ann", NOW.minusSeconds(1))).isTrue();
    tokens.forget(UNTIL.plusSeconds(1));
    assertThat(tokens.has("origin", "bob", NOW)).isFalse();
    assertThat(tokens.has(null, "ann", NOW.minusSeconds(1))).isFalse();
  }
}
