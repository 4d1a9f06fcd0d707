package dev.portico.content.invalidation;

import dev.portico.content.change.InvalidationSource;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.member.Caller;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Invalidations, what they name and their references in the table. They lie beside the site's other
 * facts and are purged with them. What one names may be large, and is an item of its own that lists
 * and those who wait need not read.
 */
@Singleton
final class InvalidationTable implements InvalidationSource {
  static final String NUMBER = "number";
  static final String COMPLETED_AT = "completedAt";
  static final String FINGERPRINT = "fingerprint";

  private static final String PREFIX = "INVALIDATION#";
  private static final String NAMED = "INVALIDATION-NAMED#";
  private static final String ID = "id";
  private static final String EXPIRES = "expires";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 8;

  private final Table table;
  private final Clock clock;

  InvalidationTable(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /** An id that sorts by time, to the millisecond. */
  String newId() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return "%012x".formatted(clock.millis()) + HexFormat.of().formatHex(random);
  }

  /** The invalidation of this id, unless its time is over. */
  Optional<Item> find(String site, String id) {
    return id.isEmpty() ? Optional.empty() : table.get(key(site, id)).filter(this::lives);
  }

  /** The invalidation that this reference has made, unless its time is over. */
  Optional<Item> findByReference(String site, String reference) {
    return table
        .get(referenceKey(site, reference))
        .filter(this::lives)
        .flatMap(item -> find(site, item.string(ID)));
  }

  /** An invalidation as it is now, or as it was when it is not there any more. */
  Item again(Item invalidation) {
    return table.get(invalidation.key()).orElse(invalidation);
  }

  /** A page of a site's invalidations, newest first. */
  Page page(String site, int limit, @Nullable String cursor) {
    Page page =
        table.query(Query.of(partition(site)).prefix(PREFIX).backward().limit(limit).after(cursor));
    return new Page(page.items().stream().filter(this::lives).toList(), page.next());
  }

  /** Stores an invalidation. */
  Write create(Caller caller, String site, String id, Batch batch, long number) {
    Instant now = clock.instant();
    return Write.create(
        Item.at(key(site, id))
            .with("callerReference", batch.reference())
            .with(FINGERPRINT, batch.fingerprint())
            .with(NUMBER, number)
            .with("createdAt", now)
            .with("createdBy", caller.id())
            .with(EXPIRES, now.plus(InvalidationLimits.KEPT))
            .expiringAt(now.plus(InvalidationLimits.KEPT)));
  }

  /** Stores what an invalidation names. */
  Write name(String site, String id, Batch batch) {
    return Write.create(
        Item.at(namedKey(site, id))
            .withList("paths", batch.paths())
            .withList("tags", batch.tags())
            .expiringAt(clock.instant().plus(InvalidationLimits.KEPT)));
  }

  /** What an invalidation names; nothing when that is not there any more. */
  Invalidated named(Item invalidation) {
    Key key = new Key(invalidation.key().pk(), NAMED + id(invalidation));
    return named(key).orElseGet(() -> new Invalidated(List.of(), List.of()));
  }

  /** Stores which invalidation its reference has made; refused when it has made one. */
  Write refer(String site, String id, Batch batch) {
    Instant now = clock.instant();
    Instant end = now.plus(InvalidationLimits.KEPT);
    return Write.put(
            Item.at(referenceKey(site, batch.reference()))
                .with(ID, id)
                .with(EXPIRES, end)
                .expiringAt(end))
        .when(Condition.or(Condition.notExists(), Condition.less(EXPIRES, now)));
  }

  /**
   * Notes that an invalidation is completed, once.
   *
   * @return when it was, be it noted now or before; empty when it is not there any more
   */
  Optional<Instant> complete(Item invalidation) {
    // As exact as it is stored, so that all are told the same.
    Instant now = Instant.ofEpochMilli(clock.millis());
    Write write =
        Write.update(invalidation.key())
            .set(COMPLETED_AT, now)
            .when(Condition.and(Condition.exists(), Condition.absent(COMPLETED_AT)));
    return table.write(write).written()
        ? Optional.of(now)
        : table.get(invalidation.key()).flatMap(item -> item.optionalInstant(COMPLETED_AT));
  }

  @Override
  public Optional<Invalidated> invalidated(String site, String id) {
    return named(namedKey(site, id));
  }

  private Optional<Invalidated> named(Key key) {
    return table.get(key).map(item -> new Invalidated(item.list("paths"), item.list("tags")));
  }

  static String id(Item invalidation) {
    return invalidation.key().sk().substring(PREFIX.length());
  }

  static String partition(String site) {
    return "SITE#" + site;
  }

  private boolean lives(Item item) {
    return item.instant(EXPIRES).isAfter(clock.instant());
  }

  private static Key key(String site, String id) {
    return new Key(partition(site), PREFIX + id);
  }

  private static Key namedKey(String site, String id) {
    return new Key(partition(site), NAMED + id);
  }

  private static Key referenceKey(String site, String reference) {
    byte[] hash = Batch.sha256().digest(reference.getBytes(StandardCharsets.UTF_8));
    return new Key(partition(site), "INVALIDATION-REFERENCE#" + HexFormat.of().formatHex(hash));
  }
}
