package dev.portico.auth.revocation;

import dev.portico.auth.dynamodb.Condition;
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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions and tokens. What is ended is in the feed before Cognito is asked to end it:
 * whatever fails in between, it is over everywhere.
 */
@Singleton
public final class Revocations {
  /**
   * The longest life of an access token of Cognito, and by how much clocks may differ where they
   * are judged: then what was revoked has expired (deploy/contracts/revocation-life.json).
   */
  static final Duration LIFE = Duration.ofHours(24).plusMinutes(5);

  /**
   * By how much the clocks of this copy, of other copies and of the user pool may differ, one from
   * another. NTP keeps them within milliseconds.
   */
  static final Duration SKEW = Duration.ofMillis(500);

  /** The longest that a sign-in can be set to last. */
  public static final Duration LONGEST_SIGN_IN = Duration.ofDays(365);

  /** Of {@link #endAll}: to the next full second, and twice the skew. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1).plus(SKEW.multipliedBy(2));

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
    endSignIn(id, () -> Optional.of(Write.delete(record)));
  }

  /**
   * Ends a sign-in, unless that turns out to be wrong.
   *
   * @param deletion takes its record away, on a condition; asked for again where that failed;
   *     empty: it is not to be ended after all
   * @return whether it was ended
   */
  public boolean endSignIn(String id, Supplier<Optional<Write>> deletion) {
    return append(Revocation.session(id, until()), deletion);
  }

  /**
   * Makes the access tokens of one origin void, and its refresh tokens useless here, for as long as
   * Cognito could take one that it was not told of.
   */
  public void endTokens(String originJti) {
    Item ended = Item.at(origin(originJti)).expiringAt(clock.instant().plus(LONGEST_SIGN_IN));
    append(Revocation.token(originJti, until()), () -> Optional.of(Write.put(ended)));
  }

  /**
   * Makes all of an account's from before void, does the rest, and makes void what was made in the
   * meantime. Returns in a later second than the last of it: tokens count in seconds, and one that
   * is made after this must not be taken for one from before. Both hold with clocks that differ by
   * {@link #SKEW}, for which it waits: less than two seconds in all.
   *
   * @param rest what ends them at Cognito
   */
  public void endAll(String subject, Runnable rest) {
    endAll(List.of(subject), rest);
  }

  /** The same for several accounts at once; of none only the rest is done. */
  public void endAll(List<String> subjects, Runnable rest) {
    if (subjects.isEmpty()) {
      rest.run();
      return;
    }
    List<Instant> before = subjects.stream().map(this::endAll).toList();
    try {
      rest.run();
    } finally {
      if (!clock.instant().plus(SKEW).isBefore(Collections.min(before))) {
        before = subjects.stream().map(this::endAll).toList();
      }
    }
    awaitPast(Collections.max(before).plus(SKEW));
  }

  /** From before the next full second by the clock that is ahead of all. */
  private Instant endAll(String subject) {
    Instant before = clock.instant().plus(SKEW).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    append(
        Revocation.user(subject, before, until()),
        () -> Optional.of(accountEnded(subject, before)));
    return before;
  }

  /**
   * What another copy has ended meanwhile stays ended: the time only grows, whoever writes last.
   */
  private Write accountEnded(String subject, Instant before) {
    Optional<Instant> known = table.get(account(subject)).map(item -> item.instant(ISSUED_BEFORE));
    Item account =
        Item.at(account(subject))
            .with(ISSUED_BEFORE, known.filter(before::isBefore).orElse(before))
            .expiringAt(before.plus(LONGEST_SIGN_IN));
    return Write.put(
        account,
        known
            .map(time -> Condition.equal(ISSUED_BEFORE, time.toEpochMilli()))
            .orElseGet(Condition::notExists));
  }

  /** By sleeping, less than two seconds: nothing happens that could be waited for. */
  private void awaitPast(Instant time) {
    long millis = Duration.between(clock.instant(), time).toMillis() + 1;
    if (millis > 0) {
      try {
        Thread.sleep(Math.min(millis, LONGEST_PAUSE.toMillis()));
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

  /** The same as a condition of a transaction: that a sign-in from that time is not void. */
  public Write notEnded(String subject, Instant authenticatedAt) {
    return Write.check(account(subject), Condition.absentOrAtMost(ISSUED_BEFORE, authenticatedAt));
  }

  /** Whether the tokens of an origin were ended, by the table itself. */
  public boolean tokensEnded(String originJti) {
    return table.get(origin(originJti)).isPresent();
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

  private boolean append(Revocation revocation, Supplier<Optional<Write>> more) {
    boolean done = feed.append(revocation, more);
    if (done) {
      meters.counter("portico.auth.revocations", "kind", revocation.kind()).increment();
      watch.hurry();
    }
    return done;
  }

  private Instant until() {
    return clock.instant().plus(LIFE);
  }

  private static Key account(String subject) {
    return new Key("AUTH#USER#" + subject, "ENDED");
  }

  private static Key origin(String originJti) {
    return new Key("AUTH#ORIGIN#" + originJti, "ENDED");
  }
}
