package dev.portico.content.blob;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bucket;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks up and writes the records of blobs, many in one call. */
@Singleton
final class BlobRecords {
  private final Table table;
  private final Bucket bucket;
  private final Clock clock;
  private final BlobSettings settings;

  BlobRecords(Table table, Bucket bucket, Clock clock, BlobSettings settings) {
    this.table = table;
    this.bucket = bucket;
    this.clock = clock;
    this.settings = settings;
  }

  Instant now() {
    return clock.instant();
  }

  Optional<BlobRecord> get(Digest digest) {
    return table.get(BlobRecord.key(digest)).map(BlobRecord::of);
  }

  Map<Digest, BlobRecord> getAll(Collection<Digest> digests) {
    var found = new LinkedHashMap<Digest, BlobRecord>();
    for (Item item : table.getAll(digests.stream().map(BlobRecord::key).toList()).values()) {
      BlobRecord record = BlobRecord.of(item);
      found.put(record.digest(), record);
    }
    return found;
  }

  /** Whether the record's time of last use is due to be refreshed. */
  boolean stale(BlobRecord record) {
    return record.touchedAt().isBefore(now().minus(settings.touchAfter()));
  }

  /**
   * Announces a large object, before it is written.
   *
   * @return its key
   */
  String startUpload() {
    String key = BlobKey.freshUpload();
    table.write(UploadRecord.started(key, now()));
    return key;
  }

  /** Forgets an announced object that was not written, or was removed. */
  void dropUpload(String key) {
    table.write(UploadRecord.dropped(key));
  }

  /**
   * Records blobs whose pack is written, right after looking them up. Without a condition: a record
   * that is replaced named the same bytes elsewhere, and the new one names an object as good, which
   * is fresh, so that nobody is about to delete it. Only variants recorded in that moment are lost
   * from sight; whoever publishes the blob asks for them again. In transactions for their size, 100
   * writes in a call and not 25: they cost twice the write units and a quarter of the round trips.
   */
  void put(List<BlobRecord> packed) {
    for (int from = 0; from < packed.size(); from += Table.MAX_TRANSACTION) {
      List<BlobRecord> chunk =
          packed.subList(from, Math.min(packed.size(), from + Table.MAX_TRANSACTION));
      table.transact(chunk.stream().map(record -> Write.put(record.item())).toList());
    }
  }

  /**
   * Records a blob that arrived large.
   *
   * @return false when somebody else has recorded it meanwhile; our object is removed then
   * @throws BlobStorageException when collection has taken the upload for abandoned
   */
  boolean complete(BlobRecord uploaded) {
    String key = uploaded.extent().object();
    Outcome outcome =
        table.transact(
            List.of(Write.create(uploaded.item()), UploadRecord.completed(key, uploaded.digest())));
    if (outcome.written()) {
      return true;
    }
    Optional<BlobRecord> known = get(uploaded.digest());
    if (known.isEmpty()) {
      throw new BlobStorageException(
          "The upload of blob " + uploaded.digest() + " took so long that it was given up.", null);
    }
    // It may be ours, when an earlier answer was lost.
    if (known.get().isIn(key, null)) {
      return true;
    }
    bucket.delete(List.of(key));
    dropUpload(key);
    return false;
  }

  /**
   * Refreshes the time of last use.
   *
   * @return those that are not stored any more, since collection has forgotten them meanwhile
   */
  Set<Digest> touch(Collection<BlobRecord> found) {
    var lost = new HashSet<Digest>();
    var left = new ArrayList<Digest>();
    found.forEach(record -> left.add(record.digest()));
    while (!left.isEmpty()) {
      List<Digest> chunk = left.subList(0, Math.min(left.size(), Table.MAX_TRANSACTION));
      if (table.transact(chunk.stream().map(this::touched).toList())
          instanceof Outcome.Refused refused) {
        var keys = new HashSet<>();
        refused.failures().forEach(failure -> keys.add(failure.key()));
        for (Digest digest : List.copyOf(chunk)) {
          if (keys.contains(BlobRecord.key(digest))) {
            lost.add(digest);
          }
        }
        left.removeAll(lost);
      } else {
        chunk.clear();
      }
    }
    return lost;
  }

  private Write touched(Digest digest) {
    return Write.update(BlobRecord.key(digest))
        .set(BlobRecord.TOUCHED_AT, now())
        .when(Condition.exists());
  }
}
