package dev.portico.gateway.access.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RevocationsTest {
  private static final long NOW = 1_764_370_000;
  private static final long LIFE = Revocations.LIFE;

  private final AtomicLong second = new AtomicLong(NOW);
  private final InstantSource clock = () -> Instant.ofEpochSecond(second.get());
  private final Revocations revocations = new Revocations(clock, 10);

  private boolean token(String originJti, String subject, long issuedAt) {
    return revocations.token(originJti, subject, issuedAt);
  }

  @Test
  void nothingIsRevokedAtFirst() {
    assertThat(token("jti", "ann", 0)).isFalse();
    assertThat(revocations.session("s", "jti", "ann", 0)).isFalse();
  }

  @Test
  void aSignIn() {
    revocations.add(new Revocation.SignIn("s", NOW + 60));
    assertThat(revocations.session("s", null, "ann", NOW)).isTrue();
    assertThat(revocations.session("t", null, "ann", NOW)).isFalse();
    assertThat(token("s", "s", 0)).isFalse();
  }

  @Test
  void theTokensOfARefreshToken() {
    revocations.add(new Revocation.Token("jti", NOW + 60));
    assertThat(token("jti", "ann", NOW)).isTrue();
    assertThat(revocations.token(null, "ann", NOW)).isFalse();
    assertThat(revocations.session("s", "jti", "ann", NOW)).isTrue();
  }

  @Test
  void whatAnAccountHadBefore() {
    revocations.add(new Revocation.User("ann", NOW, NOW + 60));
    assertThat(token("jti", "ann", NOW - 1)).isTrue();
    assertThat(token("jti", "ann", NOW)).isFalse();
    assertThat(token("jti", "bob", NOW - 1)).isFalse();
    assertThat(revocations.session("s", null, "ann", NOW - 1)).isTrue();
    revocations.add(new Revocation.User("ann", NOW - 30, NOW + 90));
    assertThat(token("jti", "ann", NOW - 1)).as("an earlier one takes nothing back").isTrue();
    second.set(NOW + 61);
    revocations.add(new Revocation.SignIn("s", NOW + 600));
    assertThat(token("jti", "ann", NOW - 1)).as("kept as long as the later says").isTrue();
  }

  @Test
  void eachIsKeptAsLongAsItSays() {
    revocations.add(new Revocation.Token("jti", NOW + 60));
    revocations.add(new Revocation.User("ann", NOW, NOW + 60));
    revocations.add(new Revocation.SignIn("s", NOW + 60));
    second.set(NOW + 60);
    revocations.add(new Revocation.SignIn("t", NOW + 120));
    assertThat(revocations.size()).isEqualTo(1);
    assertThat(token("jti", "ann", 0)).isFalse();
    assertThat(revocations.session("s", null, "ann", 0)).isFalse();
    assertThat(revocations.session("t", null, "ann", 0)).isTrue();
    revocations.add(new Revocation.SignIn("past", NOW + 60));
    assertThat(revocations.size()).isEqualTo(1);
  }

  @Test
  void whatIsSaidAgainIsKeptForItself() {
    revocations.add(new Revocation.SignIn("s", NOW + 60));
    revocations.add(new Revocation.SignIn("s", NOW + 120));
    second.set(NOW + 60);
    revocations.add(new Revocation.SignIn("t", NOW + 120));
    assertThat(revocations.session("s", null, "ann", 0)).isTrue();
  }

  /** More than are kept: those that are dropped are covered by what refuses more than they did. */
  @Test
  void theOldestAreCovered() {
    long generation = revocations.generation();
    for (int i = 0; i < 10; i++) {
      revocations.add(new Revocation.Token("jti-" + i, NOW + LIFE));
    }
    assertThat(token("other", "bob", NOW - 1)).isFalse();
    assertThat(revocations.generation()).isEqualTo(generation);
    second.set(NOW + 5);
    revocations.add(new Revocation.Token("jti-10", NOW + 5 + LIFE));
    assertThat(revocations.size()).isLessThanOrEqualTo(10);
    assertThat(token("jti-0", "ann", NOW)).as("of which nothing is known by name").isTrue();
    assertThat(token("other", "bob", NOW)).as("nor what they were").isTrue();
    assertThat(token("other", "bob", NOW + 1)).as("issued since").isFalse();
    assertThat(revocations.generation()).as("sessions are asked for anew").isNotEqualTo(generation);
  }

  @Test
  void whatIsCoveredOfAnAccountIsAllThatIsKnownOfIt() {
    revocations.add(new Revocation.User("ann", NOW - 50, NOW + LIFE));
    revocations.add(new Revocation.User("ann", NOW, NOW + LIFE));
    revocations.add(new Revocation.User("bob", NOW - 50, NOW + LIFE));
    revocations.add(new Revocation.User("bob", NOW, NOW + LIFE + 60));
    for (int i = 0; i < 7; i++) {
      revocations.add(new Revocation.SignIn("s-" + i, NOW + LIFE));
    }
    assertThat(token("jti", "ann", NOW - 1)).isTrue();
    assertThat(token("jti", "bob", NOW - 1)).isTrue();
    assertThat(token("jti", "bob", NOW + 1)).isFalse();
  }

  /** As after a start, or when the feed is read again. */
  @Test
  void whatIsKnownIsNotKeptTwice() {
    for (int times = 0; times < 3; times++) {
      for (int i = 0; i < 4; i++) {
        revocations.add(new Revocation.Token("jti-" + i, NOW + LIFE));
        revocations.add(new Revocation.User("ann-" + i, NOW, NOW + LIFE));
      }
    }
    assertThat(revocations.size()).isEqualTo(8);
    assertThat(token("other", "bob", NOW - 1)).isFalse();
  }

  /** However many old ones are read at a start, tokens that were issued since then hold. */
  @Test
  void oldOnesCoverNoMoreThanTheirTime() {
    for (int i = 0; i < 50; i++) {
      revocations.add(new Revocation.Token("jti-" + i, NOW - 3_600 + LIFE));
    }
    assertThat(token("other", "bob", NOW - 3_600)).isTrue();
    assertThat(token("other", "bob", NOW - 3_599)).isFalse();
  }

  @Test
  void everythingIsOverWhenItIsNotKnownWhatIs() {
    long generation = revocations.generation();
    revocations.everything();
    assertThat(token("jti", "ann", NOW)).isTrue();
    assertThat(token("jti", "ann", NOW + 1)).isFalse();
    assertThat(revocations.generation()).isNotEqualTo(generation);
  }
}
