package dev.portico.auth.revocation;

import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The feed in the table. An entry and the move of the head are one transaction, conditional on the
 * head's mark, so that numbers have no gaps; what else must happen with the entry is in it, too.
 *
 * <p>Appends of this copy take turns; rivals in other copies make one start again.
 */
@Singleton
final class RevocationFeed {
  /** How long entries are kept: longer than the longest access token of Cognito, 24 hours. */
  static final Duration KEPT = Duration.ofHours(25);

  private static final Key HEAD = new Key("AUTH#REVOCATIONS", "HEAD");
  private static final int PER_PARTITION = 1000;
  private static final int MOST_AT_ONCE = 1000;
  private static final int MOST_ATTEMPTS = 100;
  private static final Duration LONGEST_TURN = Duration.ofSeconds(3);

  private final Table table;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();

  RevocationFeed(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /** The end of the feed. */
  FeedPosition head() {
    return table.get(HEAD).map(FeedPosition::of).orElse(FeedPosition.START);
  }

  /**
   * Appends an entry, together with another write, all or nothing.
   *
   * @param more the other write; asked for anew at each attempt, since its condition may have
   *     failed; empty: nothing is to be done after all
   * @return whether it was done
   */
  boolean append(Revocation revocation, Supplier<Optional<Write>> more) {
    takeTurn();
    try {
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        Optional<Write> other = more.get();
        if (other.isEmpty()) {
          return false;
        }
        FeedPosition end = head();
        FeedPosition next = end.next();
        if (table.write(other.get(), advance(end, next), entry(end, next, revocation))) {
          return true;
        }
      }
      throw Problem.unavailable("Too many sessions are ended at once. Try again.");
    } finally {
      turn.unlock();
    }
  }

  /** Not for longer than callers wait: where the table hangs, each before takes its time. */
  private void takeTurn() {
    try {
      if (turn.tryLock(LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Problem.unavailable("Too many sessions are ended at once. Try again.");
  }

  private static Write advance(FeedPosition end, FeedPosition next) {
    String mark = end.mark();
    return Write.put(
        Item.at(HEAD).with("number", next.number()).with("mark", next.mark()),
        mark == null ? Condition.notExists() : Condition.equal("mark", mark));
  }

  /** Each entry names the one before it: a chain that a restored table goes on with otherwise. */
  private Write entry(FeedPosition end, FeedPosition next, Revocation revocation) {
    Item item =
        Item.at(key(next.number()))
            .with("number", next.number())
            .with("mark", next.mark())
            .with("previous", end.mark());
    return Write.put(revocation.in(item).expiringAt(clock.instant().plus(KEPT)));
  }

  /**
   * The entries after a position, oldest first, at most 1,000; after 0 all that are kept.
   *
   * @param after a position that was handed out before, or 0
   * @param end the head as read before; not read again
   * @return empty when the position is not, or no longer, one of this feed
   */
  Optional<RevocationsAnswer> after(FeedPosition after, FeedPosition end) {
    if (after.number() > end.number()
        || (after.number() == end.number() && after.contradicts(end.mark()))) {
      return Optional.empty();
    }
    if (end.number() == 0) {
      return Optional.of(new RevocationsAnswer(0, null, false, List.of()));
    }
    Instant now = clock.instant();
    boolean all = after.number() == 0;
    long next = all ? oldest(end, now) : after.number() + 1;
    // At the end its own mark, so that who has none yet gets one.
    FeedPosition last = next > end.number() ? end : after;
    var found = new ArrayList<Revocation>();
    while (next <= end.number() && found.size() < MOST_AT_ONCE) {
      List<Item> items = from(next, end.number());
      if (items.isEmpty()) {
        return Optional.empty();
      }
      for (Item item : items) {
        boolean continues =
            item.number("number") == next
                && (all || !item.expired(now))
                && !last.contradicts(item.text("previous").orElse(null));
        if (!continues) {
          return Optional.empty();
        }
        found.add(Revocation.of(item));
        last = FeedPosition.of(item);
        next++;
      }
    }
    return Optional.of(
        new RevocationsAnswer(last.number(), last.mark(), last.number() < end.number(), found));
  }

  /**
   * The number from which on all entries are there and none has expired; behind the end when the
   * last one has. Copies' clocks differ, so that one behind an expired one may have expired, too.
   */
  private long oldest(FeedPosition end, Instant now) {
    long oldest = end.number() + 1;
    for (long partition = end.number() / PER_PARTITION; partition >= 0; partition--) {
      long first = Math.max(1, partition * PER_PARTITION);
      for (Item item : from(first, end.number()).reversed()) {
        if (item.number("number") != oldest - 1 || item.expired(now)) {
          return oldest;
        }
        oldest--;
      }
      if (oldest > first) {
        return oldest;
      }
    }
    return oldest;
  }

  /** What is there from a number on to the end of its partition. */
  private List<Item> from(long number, long end) {
    long until = Math.min(end, (number / PER_PARTITION + 1) * PER_PARTITION - 1);
    return table.query(key(number).pk(), key(number).sk(), key(until).sk(), PER_PARTITION);
  }

  private static Key key(long number) {
    return new Key(
        "AUTH#REVOCATIONS#" + number / PER_PARTITION, String.format(Locale.ROOT, "%019d", number));
  }
}
