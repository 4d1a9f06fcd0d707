package dev.portico.content.violation;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.SiteAccess;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Counts violations by site and day (UTC) in the table. A batch is one transaction with the number
 * that it has at its gateway, so that one that is sent again counts once.
 */
@Singleton
class Violations {
  private static final String NUMBERS = "CSP-BATCHES";
  private static final String NUMBER = "number";
  private static final String COUNT = "count";
  private static final String FIRST_SEEN = "firstSeen";
  private static final String LAST_SEEN = "lastSeen";
  private static final String DISTINCT = "distinct";
  private static final String OTHER = "other";
  private static final int DAY = "2026-01-01".length();

  private final Table table;
  private final Clock clock;

  Violations(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * Adds what a gateway has counted, unless it has been added before. What is of no site any more
   * is dropped.
   *
   * @throws Problem 503 when too many others add to the same at the same time
   */
  void add(ViolationBatch batch) {
    Map<String, SiteCounts> sites = new LinkedHashMap<>();
    batch
        .counts()
        .forEach(it -> sites.computeIfAbsent(it.site(), name -> new SiteCounts()).add(it));
    Retries retries = new Retries();
    while (!attempt(batch, sites)) {
      retries.pause();
    }
  }

  /** False when somebody else has changed what this builds on. */
  private boolean attempt(ViolationBatch batch, Map<String, SiteCounts> sites) {
    Instant now = clock.instant();
    String day = day(now).toString();
    Key last = new Key(NUMBERS, batch.gateway());
    Set<Key> asked = new LinkedHashSet<>();
    sites.forEach((site, counts) -> asked.addAll(counts.keys(site, day)));
    Map<Key, Item> found = table.getAll(asked);
    List<Write> writes = new ArrayList<>();
    writes.add(
        Write.update(last)
            .set(NUMBER, batch.number())
            .expireAt(now.plus(ViolationLimits.NUMBER_KEPT))
            .when(Condition.or(Condition.absent(NUMBER), Condition.less(NUMBER, batch.number()))));
    sites.forEach((site, counts) -> writes.addAll(counts.writes(site, day, now, found)));
    Outcome outcome = table.transact(writes);
    return outcome.written() || outcome.failure(last).isPresent();
  }

  /**
   * What was reported of a site's pages.
   *
   * @param days today and the days before, 1 to {@link ViolationLimits#DAYS}
   * @param limit most violations of the answer
   */
  ReportedViolations list(String site, int days, int limit) {
    LocalDate today = day(clock.instant());
    Query query =
        Query.of(partition(site))
            .between(today.minusDays(days - 1L).toString(), key(site, today + "~").sk());
    Map<Violation, ReportedViolation> found = new LinkedHashMap<>();
    long other = 0;
    try (Stream<Item> items = table.stream(query)) {
      for (Item item : (Iterable<Item>) items::iterator) {
        if (item.key().sk().length() == DAY) {
          other += item.number(OTHER, 0);
        } else {
          Violation what = Violation.of(item.key().sk().substring(DAY + 1));
          ReportedViolation reported =
              ReportedViolation.of(
                  what, item.number(COUNT), item.instant(FIRST_SEEN), item.instant(LAST_SEEN));
          found.merge(what, reported, ReportedViolation::and);
        }
      }
    }
    List<ReportedViolation> items =
        found.values().stream().sorted(ReportedViolation.ORDER).limit(limit).toList();
    return new ReportedViolations(items, found.size(), other);
  }

  /** Where all of a site's counts are. */
  static String partition(String site) {
    return "SITE#" + site + "#CSP";
  }

  private static Key key(String site, String sk) {
    return new Key(partition(site), sk);
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** What a batch has of one site. */
  private static final class SiteCounts {
    private final Map<Violation, Long> violations = new LinkedHashMap<>();
    private long others;

    void add(ViolationBatch.Count count) {
      Violation what = count.violation();
      if (what == null) {
        others += count.count();
      } else {
        violations.merge(what, count.count(), Long::sum);
      }
    }

    /** All that must be known to write them. */
    List<Key> keys(String site, String day) {
      List<Key> keys = new ArrayList<>();
      keys.add(SiteAccess.siteKey(site));
      keys.add(key(site, day));
      violations.keySet().forEach(what -> keys.add(key(site, day + ' ' + what.text())));
      return keys;
    }

    /**
     * Adds to what is there, and begins what is not, as long as the day has room. The day's own
     * item holds how many there are, on condition of which more are begun.
     */
    List<Write> writes(String site, String day, Instant now, Map<Key, Item> found) {
      Item siteItem = found.get(SiteAccess.siteKey(site));
      if (siteItem == null || !siteItem.string("state").equals("active")) {
        return List.of();
      }
      Key dayKey = key(site, day);
      Item dayItem = found.get(dayKey);
      long room =
          ViolationLimits.DISTINCT_IN_A_DAY - (dayItem == null ? 0 : dayItem.number(DISTINCT, 0));
      Instant end =
          LocalDate.parse(day)
              .plusDays(1)
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant()
              .plus(ViolationLimits.KEPT);
      List<Write> writes = new ArrayList<>();
      long begun = 0;
      long over = others;
      for (Map.Entry<Violation, Long> each : violations.entrySet()) {
        Key key = key(site, day + ' ' + each.getKey().text());
        long count = each.getValue();
        if (found.containsKey(key)) {
          writes.add(
              Write.update(key).add(COUNT, count).set(LAST_SEEN, now).when(Condition.exists()));
        } else if (begun < room) {
          begun++;
          writes.add(
              Write.create(
                  Item.at(key)
                      .with(COUNT, count)
                      .with(FIRST_SEEN, now)
                      .with(LAST_SEEN, now)
                      .expiringAt(end)));
        } else {
          over += count;
        }
      }
      if (begun > 0 || over > 0) {
        Write.Update update =
            Write.update(dayKey).add(DISTINCT, begun).add(OTHER, over).expireAt(end);
        long most = ViolationLimits.DISTINCT_IN_A_DAY - begun;
        writes.add(
            begun == 0
                ? update
                : update.when(
                    Condition.or(Condition.absent(DISTINCT), Condition.less(DISTINCT, most + 1))));
      }
      return writes;
    }
  }
}
