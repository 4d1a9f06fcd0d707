package dev.portico.content.member.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import org.junit.jupiter.api.Test;

class RevocationsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long SECOND = NOW.getEpochSecond();
  private static final long LIFE = Revocations.LIFE;

  private final Revocations revocations = new Revocations(Clock.fixed(NOW, ZoneOffset.UTC), 10);

  private boolean hold(String originJti, String subject, long issued) {
    return revocations.hold(
        new JWTClaimsSet.Builder()
            .subject(subject)
            .claim("origin_jti", originJti)
            .issueTime(Date.from(Instant.ofEpochSecond(issued)))
            .build());
  }

  @Test
  void theTokensOfARefreshToken() {
    assertThat(hold("jti", "ann", SECOND)).isFalse();
    revocations.token("jti", SECOND + 60);
    assertThat(hold("jti", "ann", SECOND)).isTrue();
    assertThat(hold("other", "ann", SECOND)).isFalse();
  }

  @Test
  void whatAnAccountHadBefore() {
    revocations.user("ann", SECOND, SECOND + 60);
    revocations.user("ann", SECOND - 60, SECOND + 30);
    assertThat(hold("jti", "ann", SECOND - 1)).isTrue();
    assertThat(hold("jti", "ann", SECOND)).isFalse();
    assertThat(hold("jti", "bob", SECOND - 1)).isFalse();
    assertThat(revocations.hold(new JWTClaimsSet.Builder().subject("ann").build()))
        .as("issued nobody knows when")
        .isTrue();
  }

  @Test
  void whatIsOverByItselfIsNotKept() {
    revocations.token("jti", SECOND);
    assertThat(revocations.size()).isZero();
    assertThat(hold("jti", "ann", SECOND)).isFalse();
  }

  /** More than are kept: those that are dropped are covered by what refuses more than they did. */
  @Test
  void theOldestAreCovered() {
    for (int i = 0; i < 10; i++) {
      revocations.token("jti-" + i, SECOND + LIFE);
    }
    assertThat(hold("other", "bob", SECOND - 1)).isFalse();
    revocations.token("jti-10", SECOND + LIFE);
    assertThat(revocations.size()).isEqualTo(10);
    assertThat(hold("jti-0", "ann", SECOND)).isTrue();
    assertThat(hold("other", "bob", SECOND)).isTrue();
    assertThat(hold("other", "bob", SECOND + 1)).as("issued since").isFalse();
  }

  @Test
  void whatIsCoveredOfAnAccountIsAllThatIsKnownOfIt() {
    revocations.user("ann", SECOND - 50, SECOND + LIFE);
    revocations.user("ann", SECOND, SECOND + LIFE);
    for (int i = 0; i < 9; i++) {
      revocations.token("jti-" + i, SECOND - 60 + LIFE);
    }
    assertThat(hold("jti", "ann", SECOND - 1)).isTrue();
    assertThat(hold("jti", "ann", SECOND + 1)).isFalse();
  }

  /** As when the feed is read again, or at a start after many. */
  @Test
  void whatIsKnownIsNotKeptTwiceAndCoversNoMoreThanItsTime() {
    for (int times = 0; times < 3; times++) {
      for (int i = 0; i < 4; i++) {
        revocations.token("jti-" + i, SECOND + LIFE);
        revocations.user("ann-" + i, SECOND, SECOND + LIFE);
      }
    }
    assertThat(revocations.size()).isEqualTo(8);
    assertThat(hold("other", "bob", SECOND - 1)).isFalse();
    for (int i = 0; i < 50; i++) {
      revocations.token("old-" + i, SECOND - 3_600 + LIFE);
    }
    assertThat(hold("other", "bob", SECOND + 1)).isFalse();
  }

  @Test
  void tokensMustBeNewWhenItIsNotKnownWhatIsOver() {
    revocations.everything();
    assertThat(hold("jti", "ann", SECOND)).isTrue();
    assertThat(hold("jti", "ann", SECOND + 1)).isFalse();
  }
}
