package dev.portico.content.blob;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work list in DynamoDB: items of some hundred digests each under {@code VARIANTS}, claimed for
 * a time, and deleted when done. They are ordered by the time at which their turn comes; those of a
 * large request come one {@link #SPACING} after the other, so that a small one that is made later
 * waits for a piece of a large one and not for all of it.
 *
 * <p>What a dead copy has claimed is free again when its claim ends. A claim counts as an attempt
 * from its begin, since a blob can kill the process that works on it. What has killed one is split,
 * so that each blob comes to be alone in an item, and set aside in the end.
 */
@Singleton
final class StoredVariantQueue implements VariantQueue {
  private static final Logger LOG = LoggerFactory.getLogger(StoredVariantQueue.class);
  private static final String PARTITION = "VARIANTS";
  private static final String DIGESTS = "digests";
  private static final String CLAIMED_UNTIL = "claimedUntil";
  private static final String CLAIM = "claim";
  private static final String ATTEMPTS = "attempts";
  private static final int MOST_ATTEMPTS = 5;
  private static final Duration RETRY = Duration.ofMinutes(1);

  /** About the time that an item takes. */
  private static final Duration SPACING = Duration.ofSeconds(10);

  /** Into so many parts; three deaths find the one among 500. */
  private static final int PARTS = 8;

  private static final int PER_ITEM = Pack.MOST_ENTRIES / Coding.values().length;
  private static final int LOOKED_AT = 20;

  private final Table table;
  private final VariantSettings settings;
  private final WorkMeters meters;
  private final Clock clock;
  private final Semaphore wake = new Semaphore(0);

  StoredVariantQueue(Table table, VariantSettings settings, WorkMeters meters, Clock clock) {
    this.table = table;
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
  }

  /** A claimed piece of work. */
  record Claim(Item item, String id) {
    /** How often parts of it have been tried before, and failed. */
    int attempts() {
      return (int) item.number(ATTEMPTS, 0);
    }

    List<Digest> digests() {
      return item.list(DIGESTS).stream().map(Digest::new).toList();
    }
  }

  @Override
  public void request(Collection<Request> requests) {
    var wanted = new LinkedHashSet<Digest>();
    for (Request request : requests) {
      if (request.size() >= settings.minSize()
          && request.size() <= settings.maxSize()
          && CompressibleTypes.contains(request.type())) {
        wanted.add(request.digest());
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    var all = new ArrayList<>(wanted);
    var writes = new ArrayList<Write>();
    Instant turn = clock.instant();
    for (List<Digest> digests : parts(all, PER_ITEM)) {
      writes.add(Write.put(item(turn.toString(), digests)));
      turn = turn.plus(SPACING);
    }
    table.writeAll(writes);
    wake.release();
  }

  /** Claims the work whose turn it is, of that which nobody works on. */
  Optional<Claim> claim() {
    Instant now = clock.instant();
    List<Item> items = table.query(Query.of(PARTITION).limit(LOOKED_AT)).items();
    meters.looked(
        items.stream().mapToInt(item -> item.list(DIGESTS).size()).sum(),
        items.isEmpty() ? null : due(items.getFirst()));
    for (Item item : items) {
      if (item.optionalInstant(CLAIMED_UNTIL).filter(until -> until.isAfter(now)).isPresent()) {
        continue;
      }
      Optional<Claim> claim = claim(item, now);
      if (claim.isPresent()) {
        if (!item.has(CLAIM)) {
          return claim;
        }
        afterDeath(claim.get());
        return claim(); // perhaps a part of it
      }
    }
    return Optional.empty();
  }

  private Optional<Claim> claim(Item item, Instant now) {
    String id = UUID.randomUUID().toString();
    Condition unclaimed =
        item.has(CLAIM)
            ? Condition.equal(CLAIM, item.string(CLAIM))
            : Condition.and(Condition.exists(), Condition.absent(CLAIM));
    Write write =
        Write.update(item.key())
            .set(CLAIM, id)
            .set(CLAIMED_UNTIL, now.plus(settings.lease()))
            .when(unclaimed);
    return table.write(write).written() ? Optional.of(new Claim(item, id)) : Optional.empty();
  }

  /** Puts back in parts what its claimer has not ended, or sets it aside. */
  private void afterDeath(Claim claim) {
    List<Digest> digests = claim.digests();
    int attempts = claim.attempts() + 1;
    if (attempts >= MOST_ATTEMPTS && digests.size() == 1) {
      LOG.error("Giving up the variants of {}: {} attempts had no end", digests, attempts);
      meters.givenUp(1);
      setAside(digests.getFirst(), attempts);
      table.write(deleted(claim));
      return;
    }
    LOG.warn("The making of variants of {} blobs had no end; in parts now", digests.size());
    var writes = new ArrayList<Write>();
    writes.add(deleted(claim));
    for (List<Digest> part : parts(digests, (digests.size() + PARTS - 1) / PARTS)) {
      writes.add(Write.put(item(turn(claim), part).with(ATTEMPTS, attempts)));
    }
    table.transact(writes);
  }

  /** Holds on to a claim; false when somebody else has it meanwhile. */
  boolean renew(Claim claim) {
    return table
        .write(
            Write.update(claim.item().key())
                .set(CLAIMED_UNTIL, clock.instant().plus(settings.lease()))
                .when(Condition.equal(CLAIM, claim.id())))
        .written();
  }

  /** Ends a piece of work. */
  void done(Claim claim) {
    end(claim, List.of(), List.of());
  }

  /**
   * Ends a claim; does nothing when somebody else has it meanwhile.
   *
   * @param remaining what was not tried; anybody may claim it at once
   * @param failed what is to be tried again after a while, unless it has failed too often; asked
   *     for again, it is tried again even then, since what failed may have been S3
   */
  void end(Claim claim, List<Digest> remaining, List<Digest> failed) {
    Instant now = clock.instant();
    var writes = new ArrayList<Write>();
    writes.add(deleted(claim));
    if (!remaining.isEmpty()) {
      // Its place in the queue stays.
      writes.add(Write.put(item(turn(claim), remaining).with(ATTEMPTS, claim.attempts())));
    }
    int attempts = claim.attempts() + 1;
    if (attempts >= MOST_ATTEMPTS && !failed.isEmpty()) {
      LOG.error("Giving up the variants of {} after {} attempts", failed, attempts);
      meters.givenUp(failed.size());
    } else if (!failed.isEmpty()) {
      Instant next = now.plus(RETRY.multipliedBy(attempts));
      writes.add(
          Write.put(
              item(next.toString(), failed).with(ATTEMPTS, attempts).with(CLAIMED_UNTIL, next)));
    }
    table.transact(writes);
  }

  private static Write deleted(Claim claim) {
    return Write.delete(claim.item().key()).when(Condition.equal(CLAIM, claim.id()));
  }

  /** There will be no variants: neither gateways nor the next publication ask for them again. */
  private void setAside(Digest digest, int attempts) {
    table.write(
        Write.update(BlobRecord.key(digest))
            .set(BlobRecord.VARIANTS_COMPLETE, true)
            .set(BlobRecord.VARIANTS_GIVEN_UP, attempts)
            .when(Condition.exists()));
  }

  /** When its turn was to come. */
  private static String turn(Claim claim) {
    return turn(claim.item());
  }

  private static String turn(Item item) {
    String sk = item.key().sk();
    return sk.substring(0, sk.indexOf('#'));
  }

  private static Instant due(Item item) {
    return Instant.parse(turn(item));
  }

  private static List<List<Digest>> parts(List<Digest> all, int size) {
    var parts = new ArrayList<List<Digest>>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return parts;
  }

  private static Item item(String time, List<Digest> digests) {
    return Item.at(PARTITION, time + "#" + UUID.randomUUID())
        .withList(DIGESTS, digests.stream().map(Digest::hex).toList());
  }

  /** Waits until this copy was given work, or for this time. */
  void await(Duration longest) throws InterruptedException {
    if (wake.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      wake.drainPermits();
    }
  }
}
