package dev.portico.auth.audit;

import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the table: each in a partition of its month, from which all are read, and in one of
 * each account and of the group that it is about, so that nothing is read for an account or a group
 * but what is its own. An entry has the same place in each, so that what is read of several can be
 * put in one order, and go on from one place.
 */
@Singleton
final class AuditRecords {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 6;

  /** How many entries of a group are read at once where few of them are likely to be wanted. */
  private static final int STRIDE = 100;

  /** Of fixed width, so that entries sort by time. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final Pattern PLACE =
      Pattern.compile(
          "(\\d{4}-(?:0[1-9]|1[0-2]))-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z#[0-9a-f]{12}");

  private final Table table;
  private final AuditSettings settings;
  private final Clock clock;

  AuditRecords(Table table, AuditSettings settings, Clock clock) {
    this.table = table;
    this.settings = settings;
    this.clock = clock;
  }

  /** Stores an entry, whole or not at all. */
  void store(AuditEntry entry) {
    var partitions = new LinkedHashSet<String>();
    String by = entry.by();
    if (by != null) {
      partitions.add(account(by));
    }
    String to = entry.account();
    if (to != null) {
      partitions.add(account(to));
    }
    String group = entry.details().get(AuditEntry.GROUP);
    if (group != null) {
      partitions.add(group(group));
    }
    store(entry, partitions);
  }

  /** Stores an entry that names nobody as one that names an account: beside it that of no one. */
  void storeUnnamed(AuditEntry entry) {
    store(entry, Set.of(account(UUID.randomUUID().toString())));
  }

  private void store(AuditEntry entry, Set<String> subjects) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String place = TIME.format(entry.at()) + '#' + HexFormat.of().formatHex(random);
    table.write(
        Stream.concat(Stream.of(month(monthOf(entry.at()))), subjects.stream())
            .map(partition -> Write.put(item(new Key(partition, place), entry)))
            .toArray(Write[]::new));
  }

  /** Fails unless an entry could be stored, as far as that can be told before. */
  void requireAnswer() {
    table.ping();
  }

  private Item item(Key key, AuditEntry entry) {
    return Item.at(key)
        .with("at", entry.at())
        .with("by", entry.by())
        .with("action", entry.action())
        .with("account", entry.account())
        .with("client", entry.client())
        .with("details", entry.details())
        .with("requestId", entry.requestId())
        .expiringAt(entry.at().plus(settings.retention()));
  }

  /** Whether a page can begin at this place. */
  static boolean isPlace(String text) {
    return PLACE.matcher(text).matches();
  }

  /**
   * A page, newest first.
   *
   * @param account the sub of an account; null for all
   * @param limit most entries
   * @param after the place where the page before ended; null for the first
   */
  AuditEntry.Page page(@Nullable String account, int limit, @Nullable String after) {
    Instant now = clock.instant();
    // One more than asked for tells whether there is a following page.
    var found = new ArrayList<Item>();
    for (String partition : account == null ? months(now, after) : List.of(account(account))) {
      collect(partition, after, null, limit + 1, now, found);
      if (found.size() > limit) {
        break;
      }
    }
    return page(found, limit);
  }

  /**
   * A page of what was done to groups, newest first.
   *
   * @param groups their names
   * @param limit most entries
   * @param after the place where the page before ended; null for the first
   */
  AuditEntry.Page pageOfGroups(Set<String> groups, int limit, @Nullable String after) {
    Instant now = clock.instant();
    var newest = new TreeMap<String, Item>(Comparator.reverseOrder());
    for (String group : groups) {
      var found = new ArrayList<Item>();
      // What is older than a page of others is on no page yet.
      String oldest = newest.size() > limit ? newest.lastKey() : null;
      collect(group(group), after, oldest, limit + 1, now, found);
      found.forEach(item -> newest.put(item.key().sk(), item));
      // However many groups there are, no more than one page of them is held.
      while (newest.size() > limit + 1) {
        newest.pollLastEntry();
      }
    }
    return page(List.copyOf(newest.values()), limit);
  }

  /** A page of so many of the entries found, of which one more tells that there is another one. */
  private static AuditEntry.Page page(List<Item> found, int limit) {
    List<Item> shown = found.subList(0, Math.min(limit, found.size()));
    return new AuditEntry.Page(
        shown.stream().map(AuditRecords::entry).toList(),
        found.size() > limit ? shown.getLast().key().sk() : null);
  }

  /**
   * Expired entries, which DynamoDB deletes late, are passed over.
   *
   * @param oldest a place beyond which nothing is wanted; null for as far as there are entries
   */
  private void collect(
      String partition,
      @Nullable String after,
      @Nullable String oldest,
      int most,
      Instant now,
      List<Item> found) {
    String place = after;
    while (found.size() < most) {
      int wanted = Math.min(most - found.size(), oldest == null ? most : STRIDE);
      List<Item> items = table.latest(partition, place, wanted);
      items.stream().filter(item -> !item.expired(now)).forEach(found::add);
      if (items.size() < wanted) {
        return;
      }
      place = items.getLast().key().sk();
      if (oldest != null && place.compareTo(oldest) < 0) {
        return;
      }
    }
  }

  /** From the month of the place, or the present one, back to where nothing is kept. */
  private List<String> months(Instant now, @Nullable String after) {
    YearMonth oldest = monthOf(now.minus(settings.retention()));
    YearMonth present = monthOf(now);
    YearMonth begun = after == null ? present : monthOf(after);
    YearMonth newest = begun.isBefore(present) ? begun : present;
    return Stream.iterate(newest, month -> !month.isBefore(oldest), month -> month.minusMonths(1))
        .map(AuditRecords::month)
        .toList();
  }

  private static YearMonth monthOf(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC));
  }

  private static YearMonth monthOf(String place) {
    var matcher = PLACE.matcher(place);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a place in the audit log");
    }
    return YearMonth.parse(matcher.group(1));
  }

  private static AuditEntry entry(Item item) {
    return new AuditEntry(
        item.instant("at"),
        item.text("by").orElse(null),
        item.string("action"),
        item.text("account").orElse(null),
        item.string("client"),
        item.map("details"),
        item.string("requestId"));
  }

  private static String month(YearMonth month) {
    return "AUTH#AUDIT#" + month;
  }

  private static String account(String subject) {
    return "AUTH#USER#" + subject + "#AUDIT";
  }

  private static String group(String name) {
    return "AUTH#GROUP#" + name + "#AUDIT";
  }
}
