package dev.portico.gateway.access.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.password.PasswordChecks.Outcome;
import dev.portico.gateway.cache.semantics.FieldList;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes, what browsers keep, and how often may be tried. */
class PasswordTest {
  /** Of "correct horse battery", by the reference implementation of argon2. */
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg"
          + "$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvdAcBeUcdAUUc";

  private static final String RIGHT = "correct horse battery";
  private static final Instant NOW = Instant.ofEpochSecond(1_764_370_000);

  private final PasswordChecks checks = new PasswordChecks();

  @AfterEach
  void stop() {
    checks.stop();
  }

  private Outcome check(String entered, String address) {
    CompletableFuture<Outcome> outcome =
        checks.check(HASH, entered, InetAddress.ofLiteral(address)).toCompletableFuture();
    await().until(outcome::isDone);
    return outcome.join();
  }

  @Test
  void theHashIsThatOfOthers() {
    PasswordHash hash = Objects.requireNonNull(PasswordHash.parse(HASH));
    assertThat(hash.matches(RIGHT)).isTrue();
    assertThat(hash.matches(RIGHT + ' ')).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "correct horse battery",
        "$argon2i$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvd",
        "$argon2id$v=19$m=999999,t=2,p=1$cG9ydGljby1zYWx0LTAxNg$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvd",
        "$argon2id$v=19$m=19456,t=0,p=1$cG9ydGljby1zYWx0LTAxNg$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvd"
      })
  void whatIsNoHashOfOursIsNobodys(String text) {
    assertThat(PasswordHash.parse(text)).isNull();
  }

  @Test
  void aPassHoldsForItsTimePolicySiteAndPassword() {
    String line = PasswordPass.cookie("docs", "shared", HASH, NOW, 3600);
    assertThat(line)
        .startsWith("__Host-portico-pass-shared=")
        .contains("; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
    String cookie = line.substring(0, line.indexOf(';'));
    FieldList fields = FieldList.of("Cookie", "a=b; " + cookie, "cookie", "c=d");
    assertThat(PasswordPass.holds(fields, "docs", "shared", HASH, NOW)).isTrue();
    assertThat(PasswordPass.holds(fields, "docs", "shared", HASH, NOW.plusSeconds(3599))).isTrue();
    assertThat(PasswordPass.holds(fields, "docs", "shared", HASH, NOW.plusSeconds(3600))).isFalse();
    assertThat(PasswordPass.holds(fields, "shop", "shared", HASH, NOW)).isFalse();
    assertThat(PasswordPass.holds(fields, "docs", "other", HASH, NOW)).isFalse();
    assertThat(PasswordPass.holds(fields, "docs", "shared", HASH + 'A', NOW)).isFalse();
    String longer = cookie.replace("=1764373600.", "=1999999999.");
    assertThat(longer).isNotEqualTo(cookie);
    for (String forged : new String[] {longer, cookie + 'A', "__Host-portico-pass-shared=1.", ""}) {
      assertThat(PasswordPass.holds(FieldList.of("Cookie", forged), "docs", "shared", HASH, NOW))
          .as(forged)
          .isFalse();
    }
  }

  @Test
  void triesAreCountedByAddress() {
    assertThat(check(RIGHT, "192.0.2.1")).isEqualTo(Outcome.RIGHT);
    for (int i = 0; i < PasswordChecks.MOST_TRIES; i++) {
      assertThat(check("wrong " + i, "192.0.2.1")).isEqualTo(Outcome.WRONG);
    }
    assertThat(check(RIGHT, "192.0.2.1")).as("even the right one").isEqualTo(Outcome.TOO_MANY);
    assertThat(check(RIGHT, "192.0.2.2")).isEqualTo(Outcome.RIGHT);
  }

  @Test
  void ofVersion6TheNetworkCounts() {
    for (int i = 0; i < PasswordChecks.MOST_TRIES; i++) {
      assertThat(check("wrong", "2001:db8::" + i)).isEqualTo(Outcome.WRONG);
    }
    assertThat(check(RIGHT, "2001:db8::ffff")).isEqualTo(Outcome.TOO_MANY);
    assertThat(check(RIGHT, "2001:db8:0:1::1")).isEqualTo(Outcome.RIGHT);
  }
}
