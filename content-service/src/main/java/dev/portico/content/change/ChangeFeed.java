package dev.portico.content.change;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The numbered sequence of changes (design section 5). A change and its record are one transaction,
 * conditional on the head's number, so that numbers have no gaps and no change is without a record.
 *
 * <p>Commits of this copy take turns; rivals in other copies make a commit start again.
 */
@Singleton
public final class ChangeFeed {
  /** Writes that a caller may add to a commit; the feed adds two. */
  public static final int MAX_WRITES = Table.MAX_TRANSACTION - 2;

  private static final Key HEAD = new Key("FEED", "HEAD");
  private static final int RECORDS_PER_PARTITION = 1000;
  private static final int MOST_RECORDS = 1000;

  private final Table table;
  private final FeedHead head;
  private final ChangeSettings settings;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();

  ChangeFeed(Table table, FeedHead head, ChangeSettings settings, Clock clock) {
    this.table = table;
    this.head = head;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Makes the writes and appends the record that a site changed, all or nothing. Wakes gateways
   * that wait at this copy at once.
   *
   * @param site the changed site
   * @param writes at most {@link #MAX_WRITES}
   * @return refused when a condition of the writes did not hold; a moved head is tried again
   */
  public Outcome commit(String site, List<? extends Write> writes) {
    turn.lock();
    try {
      var retries = new Retries();
      FeedPosition known = head.known();
      while (true) {
        FeedPosition next = known.next();
        var all = new ArrayList<Write>(writes);
        all.add(advance(known, next));
        all.add(record(known, next, site));
        Outcome outcome = table.transact(all);
        if (outcome.written()) {
          head.moved(next);
          return outcome;
        }
        List<Outcome.Failure> callers = callersFailures(outcome, writes.size());
        if (!callers.isEmpty()) {
          return new Outcome.Refused(callers);
        }
        known = outcome.failure(HEAD).map(ChangeFeed::current).orElseGet(head::read);
        if (known.number() > head.known().number()) {
          // This copy merely had not looked lately; no rival to wait for.
          head.moved(known);
        } else {
          retries.pause();
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * The changes after a position, oldest first, at most 1,000.
   *
   * @param after a position that was handed out before
   * @param end the head as read before; not read again
   * @return empty when the position is not, or no longer, one of this feed
   */
  Optional<ChangesResponse> after(FeedPosition after, FeedPosition end) {
    long position = end.number();
    if (after.number() > position || after.number() < 0) {
      return Optional.empty();
    }
    if (after.number() == position && after.contradicts(end.mark())) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    var changes = new ArrayList<Change>();
    // At the end its own mark, so that who has none yet gets one.
    FeedPosition last = after.number() == position ? end : after;
    long next = after.number() + 1;
    while (next <= position && changes.size() < MOST_RECORDS) {
      long partition = next / RECORDS_PER_PARTITION;
      long until = Math.min(position, (partition + 1) * RECORDS_PER_PARTITION - 1);
      Query query = Query.of(partition(next)).between(sortKey(next), sortKey(until));
      for (Item item : table.query(query.limit(RECORDS_PER_PARTITION)).items()) {
        if (item.number("number") != next || item.expired(now)) {
          return Optional.empty();
        }
        if (last.contradicts(item.optionalString("previous").orElse(null))) {
          return Optional.empty();
        }
        if (changes.size() < MOST_RECORDS) {
          changes.add(new Change(next, item.string("type"), item.string("site")));
          last = FeedPosition.of(item);
        }
        next++;
      }
      if (next <= until) {
        return Optional.empty();
      }
    }
    return Optional.of(new ChangesResponse(last.number(), last.mark(), changes));
  }

  private static Write advance(FeedPosition known, FeedPosition next) {
    Write.Update update = Write.update(HEAD).set("number", next.number()).set("mark", next.mark());
    if (known.number() == 0) {
      return update.when(Condition.notExists());
    }
    Condition number = Condition.equal("number", known.number());
    String mark = known.mark();
    return update.when(
        mark == null ? number : Condition.and(number, Condition.equal("mark", mark)));
  }

  /** Each record names the one before it: a chain that a restored table goes on with otherwise. */
  private Write record(FeedPosition known, FeedPosition next, String site) {
    return Write.create(
        Item.at(partition(next.number()), sortKey(next.number()))
            .with("number", next.number())
            .with("mark", next.mark())
            .with("previous", known.mark())
            .with("type", Change.SITE)
            .with("site", site)
            .expiringAt(clock.instant().plus(settings.retention())));
  }

  private static List<Outcome.Failure> callersFailures(Outcome outcome, int writes) {
    return outcome instanceof Outcome.Refused refused
        ? refused.failures().stream().filter(failure -> failure.index() < writes).toList()
        : List.of();
  }

  private static FeedPosition current(Outcome.Failure failure) {
    Item current = failure.current();
    return current == null ? FeedPosition.START : FeedPosition.of(current);
  }

  private static String partition(long number) {
    return "FEED#" + number / RECORDS_PER_PARTITION;
  }

  private static String sortKey(long number) {
    return "%015d".formatted(number);
  }
}
