package dev.portico.auth.revocation;

import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.error.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions and tokens. What is ended is in the feed before Cognito is asked to end it:
 * whatever fails in between, it is over everywhere.
 */
@Singleton
public final class Revocations {
  /**
   * The longest life of an access token of Cognito, and by how much clocks may differ: then what
   * was revoked has expired.
   */
  private static final Duration LONGEST_TOKEN = Duration.ofHours(24).plusMinutes(5);

  /** The longest that a sign-in can be set to last. */
  public static final Duration LONGEST_SIGN_IN = Duration.ofDays(365);

  private static final String ISSUED_BEFORE = "issuedBefore";

  private final RevocationFeed feed;
  private final RevocationWatch watch;
  private final Table table;
  private final MeterRegistry meters;
  private final Clock clock;

  Revocations(
      RevocationFeed feed, RevocationWatch watch, Table table, MeterRegistry meters, Clock clock) {
    this.feed = feed;
    this.watch = watch;
    this.table = table;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Ends a sign-in.
   *
   * @param record where it is kept; gone with the entry, all or nothing
   */
  public void endSignIn(String id, Key record) {
    append(Revocation.session(id, until()), Write.delete(record));
  }

  /** Makes the access tokens of one origin void. */
  public void endTokens(String originJti) {
    append(Revocation.token(originJti, until()));
  }

  /**
   * Makes all of an account's from before void, does the rest, and makes void what was made in the
   * meantime. Returns in a later second than the last of it: tokens count in seconds, and one that
   * is made after this must not be taken for one from before.
   *
   * @param rest what ends them at Cognito
   */
  public void endAll(String subject, Runnable rest) {
    Instant before = endAll(subject);
    try {
      rest.run();
    } finally {
      if (!clock.instant().isBefore(before)) {
        before = endAll(subject);
      }
    }
    awaitPast(before);
  }

  private Instant endAll(String subject) {
    Instant before = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    Item account =
        Item.at(account(subject))
            .with(ISSUED_BEFORE, latest(subject, before))
            .expiringAt(before.plus(LONGEST_SIGN_IN));
    append(Revocation.user(subject, before, until()), Write.put(account));
    return before;
  }

  /** What another copy, whose clock is ahead, has ended stays ended. */
  private Instant latest(String subject, Instant before) {
    return table
        .get(account(subject))
        .map(item -> item.instant(ISSUED_BEFORE))
        .filter(before::isBefore)
        .orElse(before);
  }

  /** By sleeping, less than a second: nothing happens that could be waited for. */
  private void awaitPast(Instant time) {
    long millis = Duration.between(clock.instant(), time).toMillis() + 1;
    if (millis > 0) {
      try {
        Thread.sleep(Math.min(millis, 1_001));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether a sign-in of this account from that time is void, by the table itself. */
  public boolean hasEnded(String subject, Instant authenticatedAt) {
    return table
        .get(account(subject))
        .filter(item -> authenticatedAt.isBefore(item.instant(ISSUED_BEFORE)))
        .isPresent();
  }

  /**
   * Whether it can be told what was ended, before something is done that cannot be repeated.
   *
   * @throws Problem 503 if not
   */
  public void requireAnswer() {
    table.ping();
    watch.tokens();
  }

  /**
   * Whether an access token is void, by what this copy knows: everything that is older than a
   * second, and in an outage of the table of some minutes.
   *
   * @throws Problem 503 when nothing new enough is known
   */
  public boolean revoked(@Nullable String originJti, String subject, Instant issuedAt) {
    return watch.tokens().has(originJti, subject, issuedAt);
  }

  private void append(Revocation revocation, Write... more) {
    feed.append(revocation, more);
    meters.counter("portico.auth.revocations", "kind", revocation.kind()).increment();
    watch.hurry();
  }

  private Instant until() {
    return clock.instant().plus(LONGEST_TOKEN);
  }

  private static Key account(String subject) {
    return new Key("AUTH#USER#" + subject, "ENDED");
  }
}
