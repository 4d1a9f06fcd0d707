package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.standins.aws.TestEnvironment;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The keys of identity tokens as time goes by, each moment seen by a copy that has just started.
 */
class IdentityKeyIT {
  private static final String PARTITION = "AUTH#IDENTITY-KEYS";
  private static final Pool POOL = Pool.create();
  private static final RunningService MAKER = RunningService.start(POOL, client -> {});

  private String table;
  private Records records;

  @AfterAll
  static void stop() {
    MAKER.close();
  }

  @BeforeEach
  void freshTable() {
    table = "portico-" + UUID.randomUUID();
    TestEnvironment.shared().createTable(table);
    records = new Records(table);
  }

  private <T> T with(Function<RunningService, T> look) {
    try (var service = MAKER.copy(settings -> settings.put("portico.dynamodb.table", table))) {
      return look.apply(service);
    }
  }

  private static List<String> published(RunningService service) {
    try {
      return JWKSet.parse(service.api().get("/.well-known/jwks.json").text()).getKeys().stream()
          .map(JWK::getKeyID)
          .toList();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static String signer(RunningService service) {
    var docs = new SiteVisit(service, "docs");
    String session = docs.session(SiteVisit.signIn(service, POOL.account()).cookie());
    try {
      return SignedJWT.parse(docs.query(service, session).json().at("/identity/token").asText())
          .getHeader()
          .getKeyID();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private void age(long number, Duration untilEnd) {
    String sk = String.format(Locale.ROOT, "%019d", number);
    records.set(PARTITION, sk, "until", Instant.now().plus(untilEnd).toEpochMilli());
  }

  @Test
  void oneIsMadeWhenItIsNeededWhicheverCopyAsks() throws Exception {
    assertThat(records.partitions()).isEmpty();
    try (var one = MAKER.copy(settings -> settings.put("portico.dynamodb.table", table));
        var other = MAKER.copy(settings -> settings.put("portico.dynamodb.table", table));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<String>> first = () -> published(one);
      Callable<List<String>> second = () -> published(other);
      var found = threads.invokeAll(List.of(first, second, first, second));
      for (var keys : found) {
        assertThat(keys.get()).hasSize(1).isEqualTo(found.getFirst().get());
      }
      assertThat(signer(one)).isEqualTo(signer(other)).isEqualTo(found.getFirst().get().getFirst());
    }
  }

  @Test
  void theNextOneIsAnnouncedADayBefore() {
    String first = with(IdentityKeyIT::signer);
    age(1, Duration.ofHours(25));
    assertThat(with(IdentityKeyIT::published)).containsExactly(first);
    age(1, Duration.ofHours(23));
    List<String> both = with(IdentityKeyIT::published);
    assertThat(both).hasSize(2).startsWith(first);
    assertThat(with(IdentityKeyIT::signer)).isEqualTo(first);
    // Its turn comes: the other one stays published while something that it signed is valid.
    age(1, Duration.ofMillis(-1));
    String sk = String.format(Locale.ROOT, "%019d", 2);
    records.set(PARTITION, sk, "from", Instant.now().toEpochMilli() - 1);
    assertThat(with(IdentityKeyIT::signer)).isEqualTo(both.get(1));
    assertThat(with(IdentityKeyIT::published)).isEqualTo(both);
    age(1, Duration.ofMinutes(-61));
    assertThat(with(IdentityKeyIT::published)).containsExactly(both.get(1));
  }

  @Test
  void anotherOneIsMadeAfterAQuietTime() {
    String first = with(IdentityKeyIT::signer);
    age(1, Duration.ofHours(-2));
    String sk = String.format(Locale.ROOT, "%019d", 1);
    records.set(PARTITION, sk, "expiresAt", Instant.now().getEpochSecond() - 3_600);
    String second = with(IdentityKeyIT::signer);
    assertThat(second).isNotEqualTo(first);
    assertThat(with(IdentityKeyIT::published)).containsExactly(second);
  }

  @Test
  void aKeyThatCannotBeOpenedIsReplaced() {
    String first = with(IdentityKeyIT::signer);
    byte[] other = new byte[32];
    other[0] = 1;
    String key = "t2:" + Base64.getEncoder().encodeToString(other);
    try (var service =
        MAKER.copy(
            settings -> {
              settings.put("portico.dynamodb.table", table);
              settings.put("portico.seal.keys", key);
            })) {
      assertThat(signer(service)).isNotEqualTo(first);
      assertThat(published(service)).hasSize(2).contains(first);
    }
  }

  @Test
  void sealingKeysAreReplacedWithoutEndingSessions() {
    byte[] other = new byte[32];
    other[0] = 2;
    String key = "t3:" + Base64.getEncoder().encodeToString(other);
    var begun = with(service -> SiteVisit.signIn(service, POOL.account()));
    try (var service =
        MAKER.copy(
            settings -> {
              settings.put("portico.dynamodb.table", table);
              settings.put("portico.seal.keys", key + "," + Pool.SEALING_KEY);
            })) {
      var docs = new SiteVisit(service, "docs");
      String session = docs.session(begun.cookie());
      assertThat(docs.state(session)).isEqualTo("active");
    }
  }
}
