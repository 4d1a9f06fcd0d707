package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.standins.aws.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is kept for sign-ins goes by itself: DynamoDB deletes an item after its expiresAt. */
class ExpiryIT {
  private static final String EXPIRES_AT = "expiresAt";
  private static final String TABLE = "portico-" + UUID.randomUUID();
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = start();
  private static final Records RECORDS = new Records(TABLE);

  private final SiteVisit docs = new SiteVisit(SERVICE, "docs");

  private static RunningService start() {
    TestEnvironment.shared().createTable(TABLE);
    return RunningService.start(
        POOL, client -> {}, settings -> settings.put("portico.dynamodb.table", TABLE));
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  private static List<String> partitions(String prefix) {
    return RECORDS.partitions().stream().filter(pk -> pk.startsWith(prefix)).toList();
  }

  private static String only(String prefix) {
    assertThat(partitions(prefix)).hasSize(1);
    return partitions(prefix).getFirst();
  }

  /** In whole seconds, as DynamoDB reads it. */
  private static Instant expiry(String pk, String sk) {
    return Instant.ofEpochSecond(RECORDS.number(pk, sk, EXPIRES_AT));
  }

  /** How long something that was just made is kept. */
  private static void assertKept(String pk, String sk, Duration life) {
    assertThat(Duration.between(Instant.now(), expiry(pk, sk)))
        .as(pk)
        .isBetween(life.minusSeconds(60), life.plusSeconds(2));
  }

  @Test
  void signInsSessionsAndCodesExpire() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String signIn = "AUTH#SIGNIN#" + begun.signIn().id();
    assertKept(signIn, "SIGNIN", Duration.ofDays(30));
    assertThat(expiry(signIn, "SIGNIN").getEpochSecond())
        .as("with the sign-in")
        .isEqualTo(RECORDS.time(signIn, "SIGNIN", "until").getEpochSecond());

    String code = docs.code(begun.cookie());
    assertKept(only("AUTH#CODE#"), "CODE", Duration.ofMinutes(2));
    assertThat(docs.redeem(code).status()).isEqualTo(201);
    // For as long as it must be known that it was brought.
    assertKept(only("AUTH#CODE#"), "CODE", Duration.ofMinutes(2));
    assertThat(expiry(only("AUTH#SESSION#"), "SESSION"))
        .as("with its sign-in")
        .isEqualTo(expiry(signIn, "SIGNIN"));
    assertThat(partitions("AUTH#SIGNIN#")).hasSize(1);
  }

  @Test
  void whatWasEndedIsKnownForAsLongAsASignInCanLast() {
    Duration longest = Duration.ofDays(365);
    Answer one = SERVICE.signIn(POOL.account(), Pool.PASSWORD);
    String body = "{\"refreshToken\":\"" + one.field("refreshToken") + "\"}";
    assertThat(SERVICE.signOut(one.field("accessToken"), body).status()).isEqualTo(204);
    assertKept(only("AUTH#ORIGIN#"), "ENDED", longest);

    Answer all = SERVICE.signIn(POOL.account(), Pool.PASSWORD);
    String account = "AUTH#USER#" + SERVICE.me(all.field("accessToken")).field("sub");
    assertThat(SERVICE.signOut(all.field("accessToken"), "{\"everywhere\":true}").status())
        .isEqualTo(204);
    assertKept(account, "ENDED", longest);
    assertThat(expiry(account, "ENDED").getEpochSecond())
        .isEqualTo(RECORDS.time(account, "ENDED", "issuedBefore").plus(longest).getEpochSecond());

    List<String> entries = RECORDS.sortKeys("AUTH#REVOCATIONS#0");
    assertThat(entries).hasSizeGreaterThanOrEqualTo(2);
    entries.forEach(entry -> assertKept("AUTH#REVOCATIONS#0", entry, Duration.ofHours(25)));
    assertThat(RECORDS.without(EXPIRES_AT))
        .as("what stays for good")
        .containsExactly("AUTH#REVOCATIONS HEAD");
  }
}
