package dev.portico.content.change;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbered sequence of changes (design section 5). A change and its record are one transaction,
 * conditional on the head's number, so that numbers have no gaps and no change is without a record.
 *
 * <p>Commits of this copy take turns; rivals in other copies make a commit start again.
 */
@Singleton
public final class ChangeFeed {
  /** Writes that a caller may add to a commit; the feed adds three. */
  public static final int MAX_WRITES = Table.MAX_TRANSACTION - 3;

  private static final Key HEAD = new Key("FEED", "HEAD");
  private static final int RECORDS_PER_PARTITION = 1000;
  private static final int MOST_RECORDS = 1000;

  /** An answer ends behind the invalidation with which it passes this many characters. */
  static final long MOST_CHARACTERS = 2L * 1024 * 1024;

  /** An answer ends behind this many invalidations, each of which is read by itself. */
  static final int MOST_INVALIDATIONS = 100;

  private static final String SUBJECT = "subject";
  private static final String COMMITTED_AT = "committedAt";

  /** A copy of the release before reads the site of every record. */
  private static final String NO_SITE = "";

  private final Table table;
  private final FeedHead head;
  private final InvalidationSource invalidations;
  private final ChangeSettings settings;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();

  ChangeFeed(
      Table table,
      FeedHead head,
      InvalidationSource invalidations,
      ChangeSettings settings,
      Clock clock) {
    this.table = table;
    this.head = head;
    this.invalidations = invalidations;
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
   * @throws Problem 423 while publishing is frozen
   */
  public Outcome commit(String site, List<? extends Write> writes) {
    return unlessFrozen(Change.SITE, site, null, number -> writes);
  }

  private Outcome unlessFrozen(
      String type,
      String site,
      @Nullable String subject,
      LongFunction<List<? extends Write>> writes) {
    Instant now = clock.instant();
    Outcome outcome =
        commit(
            type,
            site,
            subject,
            number -> {
              var all = new ArrayList<Write>(writes.apply(number));
              all.add(Freeze.check(now));
              return all;
            });
    outcome
        .failure(Freeze.KEY)
        .map(Outcome.Failure::current)
        .ifPresent(
            freeze -> {
              throw Freeze.of(freeze).problem(now);
            });
    return outcome;
  }

  /**
   * The same for what is possible while publishing is frozen, too: what takes a change back, what
   * changes nothing that viewers see, and what goes on by itself.
   */
  public Outcome commitEvenFrozen(String site, List<? extends Write> writes) {
    return commit(Change.SITE, site, null, number -> writes);
  }

  /**
   * Refuses what would only be refused at its end, while publishing is frozen.
   *
   * @throws Problem 423
   */
  public void requireUnfrozen() {
    Instant now = clock.instant();
    table
        .get(Freeze.KEY)
        .map(Freeze::of)
        .filter(freeze -> freeze.holds(now))
        .ifPresent(
            freeze -> {
              throw freeze.problem(now);
            });
  }

  /**
   * The same for the record that stored responses of a site were invalidated.
   *
   * @param id by which {@link InvalidationSource} knows it
   * @param writes gives the writes, among them what the source reads, for the number that the
   *     record is to have; asked again when that has moved
   */
  public Outcome commitInvalidation(
      String site, String id, LongFunction<List<? extends Write>> writes) {
    return commit(Change.INVALIDATION, site, id, writes);
  }

  /**
   * The same for the record that a policy which sites share was changed, made or removed.
   *
   * @param id of the policy
   * @param writes gives the writes for the number that the record is to have; asked again when that
   *     has moved
   * @throws Problem 423 while publishing is frozen
   */
  public Outcome commitPolicy(String id, LongFunction<List<? extends Write>> writes) {
    return unlessFrozen(Change.POLICY, NO_SITE, id, writes);
  }

  /** The same for a change that makes a policy what it was before; possible when frozen. */
  public Outcome commitPolicyEvenFrozen(String id, LongFunction<List<? extends Write>> writes) {
    return commit(Change.POLICY, NO_SITE, id, writes);
  }

  /** The same for the record that what admins have switched on changed; possible when frozen. */
  public Outcome commitControls(List<? extends Write> writes) {
    return commit(Change.CONTROLS, Change.PLATFORM, null, number -> writes);
  }

  private Outcome commit(
      String type,
      String site,
      @Nullable String subject,
      LongFunction<List<? extends Write>> writes) {
    turn.lock();
    try {
      var retries = new Retries();
      FeedPosition known = head.known();
      while (true) {
        FeedPosition next = known.next();
        List<? extends Write> callers = writes.apply(next.number());
        var all = new ArrayList<Write>(callers);
        all.add(advance(known, next));
        all.add(record(known, next, type, site, subject));
        Outcome outcome = table.transact(all);
        if (outcome.written()) {
          head.moved(next);
          return outcome;
        }
        List<Outcome.Failure> failures = callersFailures(outcome, callers.size());
        if (!failures.isEmpty()) {
          return new Outcome.Refused(failures);
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
   * Whether a position is one of this feed, by what stands right behind it.
   *
   * @param end the head as read before; not read again
   */
  boolean has(FeedPosition position, FeedPosition end) {
    long next = position.number() + 1;
    if (next > end.number()) {
      return position.number() == end.number() && !position.contradicts(end.mark());
    }
    return table
        .get(new Key(partition(next), sortKey(next)))
        .filter(item -> !item.expired(clock.instant()))
        .filter(item -> !position.contradicts(item.optionalString("previous").orElse(null)))
        .isPresent();
  }

  /**
   * The changes after a position, oldest first, at most 1,000, among them as many invalidations as
   * fit into {@link #MOST_CHARACTERS}, at most {@link #MOST_INVALIDATIONS}.
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
    long characters = 0;
    int named = 0;
    boolean full = false;
    while (next <= position && !full) {
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
        full =
            changes.size() == MOST_RECORDS
                || characters > MOST_CHARACTERS
                || named == MOST_INVALIDATIONS;
        if (full) {
          break;
        }
        Change change = change(item);
        characters += change.size();
        named += change.type().equals(Change.INVALIDATION) ? 1 : 0;
        changes.add(change);
        last = FeedPosition.of(item);
        next++;
      }
      if (next <= until && !full) {
        return Optional.empty();
      }
    }
    long lease = settings.promisedLease().toMillis();
    return Optional.of(
        new ChangesResponse(last.number(), last.mark(), lease, next <= position, changes));
  }

  private Change change(Item item) {
    long number = item.number("number");
    String site = item.string("site");
    String type = item.string("type");
    Instant committedAt = item.optionalInstant(COMMITTED_AT).orElse(null);
    if (type.equals(Change.POLICY)) {
      return Change.policy(number, item.string(SUBJECT), committedAt);
    }
    if (!type.equals(Change.INVALIDATION)) {
      return Change.of(number, type, site, committedAt);
    }
    // What is gone with its site's name cannot be told any more: more than it named is as good.
    return Change.invalidation(
        number,
        site,
        invalidations
            .invalidated(site, item.string(SUBJECT))
            .orElse(InvalidationSource.Invalidated.ALL),
        committedAt);
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
  private Write record(
      FeedPosition known, FeedPosition next, String type, String site, @Nullable String subject) {
    Instant now = clock.instant();
    return Write.create(
        Item.at(partition(next.number()), sortKey(next.number()))
            .with("number", next.number())
            .with("mark", next.mark())
            .with("previous", known.mark())
            .with("type", type)
            .with("site", site)
            .with(SUBJECT, subject)
            .with(COMMITTED_AT, now)
            .expiringAt(now.plus(settings.retention())));
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
