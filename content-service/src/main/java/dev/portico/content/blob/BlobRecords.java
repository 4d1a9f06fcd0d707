package dev.portico.content.blob;

import dev.portico.content.blob.BlobRecord.State;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
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

/**
 * Looks up and writes the records of blobs, many in one call, so that no interleaving with other
 * publications or with collection can leave a record that says "stored" for an object that is going
 * to be deleted.
 */
@Singleton
final class BlobRecords {
  private static final Condition STORED = Condition.equal(BlobRecord.STATE, State.STORED.value());

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
   * Announces an object at a fresh key, before it is written.
   *
   * @return the key
   */
  String startUpload() {
    String key = BlobKey.fresh();
    table.write(UploadRecord.started(key, now()));
    return key;
  }

  /** Forgets an announced object that was not written, or was removed. */
  void dropUpload(String key) {
    table.write(UploadRecord.dropped(key));
  }

  /**
   * Records blobs whose objects are written.
   *
   * @param created blobs not stored before
   * @return those of them that nobody else recorded in the meantime
   */
  Set<Digest> record(Collection<BlobRecord> created) {
    var fresh = new HashSet<Digest>();
    List<Unit> left = new ArrayList<>();
    for (BlobRecord record : created) {
      fresh.add(record.digest());
      left.add(Unit.create(record));
    }
    for (List<Unit> chunk : chunks(left)) {
      for (Unit refused : writeChunk(chunk)) {
        if (!settle(refused)) {
          fresh.remove(refused.record().digest());
        }
      }
    }
    return fresh;
  }

  /**
   * Refreshes the time of last use.
   *
   * @return those that cannot be used any more, since collection has marked them meanwhile
   */
  List<BlobRecord> touch(Collection<BlobRecord> found) {
    var lost = new ArrayList<BlobRecord>();
    for (List<Unit> chunk : chunks(found.stream().map(it -> Unit.touch(it, now())).toList())) {
      writeChunk(chunk).forEach(unit -> lost.add(unit.record()));
    }
    return lost;
  }

  /**
   * Saves a blob that collection has marked: its object, which is deleted no earlier than the
   * documented delay after the mark, is copied to a fresh key.
   *
   * @return false when somebody else has recorded the blob meanwhile
   * @throws BlobStorageException when the object is gone; the caller must send the bytes again
   */
  boolean rescue(BlobRecord record) {
    String key = startUpload();
    if (!bucket.copy(record.key(), key, record.size())) {
      dropUpload(key);
      throw new BlobStorageException(
          "Blob " + record.digest() + " was collected while it was being stored again.", null);
    }
    BlobRecord saved = BlobRecord.stored(record.digest(), record.size(), key, now());
    if (table.transact(Unit.create(saved).writes()).written()) {
      return true;
    }
    bucket.delete(List.of(key));
    dropUpload(key);
    return false;
  }

  /** Decides what to do about a blob whose creation was refused; true when it was saved anew. */
  private boolean settle(Unit refused) {
    BlobRecord ours = refused.record();
    Optional<BlobRecord> theirs = get(ours.digest());
    if (theirs.isPresent() && theirs.get().usable()) {
      if (BlobKey.isUploaded(ours.key()) && !ours.key().equals(theirs.get().key())) {
        bucket.delete(List.of(ours.key()));
        dropUpload(ours.key());
      }
      return false;
    }
    // Marked between our look-up and our write: our object may have the key that will be deleted.
    return rescue(ours);
  }

  /** Writes what can be written and returns the units that were refused. */
  private List<Unit> writeChunk(List<Unit> chunk) {
    var refused = new ArrayList<Unit>();
    List<Unit> left = new ArrayList<>(chunk);
    while (!left.isEmpty()) {
      List<Write> writes = left.stream().flatMap(unit -> unit.writes().stream()).toList();
      if (!(table.transact(writes) instanceof Outcome.Refused failed)) {
        return refused;
      }
      var keys = new HashSet<Key>();
      failed.failures().forEach(failure -> keys.add(failure.key()));
      left.removeIf(
          unit -> {
            boolean hit = unit.writes().stream().anyMatch(write -> keys.contains(write.key()));
            if (hit) {
              refused.add(unit);
            }
            return hit;
          });
    }
    return refused;
  }

  private static List<List<Unit>> chunks(List<Unit> units) {
    var chunks = new ArrayList<List<Unit>>();
    var chunk = new ArrayList<Unit>();
    int writes = 0;
    for (Unit unit : units) {
      if (writes + unit.writes().size() > Table.MAX_TRANSACTION) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        writes = 0;
      }
      chunk.add(unit);
      writes += unit.writes().size();
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  /** Writes that belong together. */
  private record Unit(BlobRecord record, List<Write> writes) {
    static Unit create(BlobRecord record) {
      if (!BlobKey.isUploaded(record.key())) {
        // A record that collection has marked or buried names the standard key: it stays.
        return new Unit(record, List.of(Write.create(record.item())));
      }
      return new Unit(
          record,
          List.of(
              Write.put(record.item()).when(STORED.negate()),
              UploadRecord.completed(record.key(), record.digest())));
    }

    static Unit touch(BlobRecord record, Instant now) {
      return new Unit(
          record,
          List.of(
              Write.update(BlobRecord.key(record.digest()))
                  .set(BlobRecord.TOUCHED_AT, now)
                  .when(Condition.and(STORED, Condition.equal(BlobRecord.OBJECT, record.key())))));
    }
  }
}
