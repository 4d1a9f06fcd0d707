package dev.portico.content.blob;

import dev.portico.content.blob.BlobRecord.State;
import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.BucketException;
import dev.portico.content.s3.ObjectFacts;
import dev.portico.content.s3.ObjectPage;
import dev.portico.content.s3.UnfinishedUpload;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the blobs that nothing has referred to for the grace period. It works in two steps, days
 * or hours apart: a run marks a record {@code deleting}, under the lease's fencing number and only
 * if no upload has touched it; a later run deletes the objects of marked records. A key whose
 * record was marked is never stored to again while anybody could still delete it, since an upload
 * that meets the mark takes a fresh key. So deleting the object of a marked record is harmless
 * however late it happens, even by a holder that lost its lease (docs/decisions).
 */
@Singleton
final class BlobCollector {
  static final String LEASE = "blob-collection";
  private static final Logger LOG = LoggerFactory.getLogger(BlobCollector.class);

  /** How long a deleted blob's record stays: longer than any request can be under way. */
  private static final Duration BURIED = Duration.ofDays(7);

  /** How long a marked record whose objects are gone already can stay behind. */
  private static final Duration MARKED = Duration.ofDays(60);

  private final Bucket bucket;
  private final Table table;
  private final BlobRecords records;
  private final Leases leases;
  private final Collection<LiveDigests> references;
  private final CollectionSettings settings;
  private final Clock clock;

  /** Told before each step that changes something; tests interleave other things here. */
  private volatile Consumer<String> observer = step -> {};

  BlobCollector(
      Bucket bucket,
      Table table,
      BlobRecords records,
      Leases leases,
      Collection<LiveDigests> references,
      CollectionSettings settings,
      Clock clock) {
    this.bucket = bucket;
    this.table = table;
    this.records = records;
    this.leases = leases;
    this.references = List.copyOf(references);
    this.settings = settings;
    this.clock = clock;
  }

  void observe(Consumer<String> observer) {
    this.observer = observer;
  }

  /** What a run did. */
  record Report(int live, int marked, int deleted, int strays, int aborted) {}

  /** Runs if nobody else does; the lease is kept until the next run is due. */
  Optional<Report> runIfDue() {
    Optional<Lease> lease = leases.acquire(LEASE, settings.lease());
    if (lease.isEmpty()) {
      return Optional.empty();
    }
    try {
      Report report = run(lease.get());
      leases.renew(lease.get(), settings.interval());
      LOG.info("Collected blobs: {}", report);
      return Optional.of(report);
    } catch (RuntimeException e) {
      leases.release(lease.get());
      throw e;
    }
  }

  /** One run under a lease. */
  Report run(Lease lease) {
    if (references.isEmpty()) {
      throw new IllegalStateException("nobody tells which blobs are in use; nothing is collected");
    }
    var run = new Run(lease);
    references.forEach(it -> it.forEach(run::alive));
    return run.collect();
  }

  /** The state of one run. */
  private final class Run {
    private final Lease lease;
    private final DigestSet live = new DigestSet();
    private final Instant now = clock.instant();
    private Instant renewed = now;
    private int marked;
    private int deleted;
    private int strays;
    private int aborted;

    Run(Lease lease) {
      this.lease = lease;
    }

    /** Notes a digest in use. Reading all manifests can take longer than the lease. */
    void alive(Digest digest) {
      live.add(digest);
      if (clock.instant().isAfter(renewed.plus(settings.lease().dividedBy(4)))) {
        hold();
      }
    }

    Report collect() {
      pages(BlobKey.STANDARD, this::standard);
      pages(BlobKey.UPLOADED, this::uploaded);
      unfinished();
      return new Report(live.size(), marked, deleted, strays, aborted);
    }

    private void pages(String prefix, Consumer<Map<String, List<ObjectFacts>>> each) {
      String cursor = null;
      do {
        hold();
        ObjectPage page = bucket.list(prefix, cursor);
        var byBlob = new LinkedHashMap<String, List<ObjectFacts>>();
        for (ObjectFacts object : page.objects()) {
          byBlob
              .computeIfAbsent(BlobKey.withoutVariant(object.key()), key -> new ArrayList<>())
              .add(object);
        }
        each.accept(byBlob);
        cursor = page.next();
      } while (cursor != null);
    }

    /** Holds on to the lease, or stops. */
    private void hold() {
      observer.accept("hold");
      if (leases.renew(lease, settings.lease()).isEmpty()) {
        throw new BlobStorageException("Another copy has taken over the collection.", null);
      }
      renewed = clock.instant();
    }

    private void standard(Map<String, List<ObjectFacts>> byBlob) {
      Set<Digest> digests = new LinkedHashSet<>();
      byBlob.keySet().forEach(key -> BlobKey.digest(key).ifPresent(digests::add));
      Map<Digest, BlobRecord> known = records.getAll(digests);
      byBlob.forEach(
          (key, objects) ->
              BlobKey.digest(key)
                  .ifPresent(digest -> blob(digest, known.get(digest), key, objects)));
    }

    private void uploaded(Map<String, List<ObjectFacts>> byBlob) {
      Map<String, Key> keys = new LinkedHashMap<>();
      byBlob.keySet().forEach(key -> keys.put(key, UploadRecord.key(key)));
      Map<Key, Item> uploads = table.getAll(keys.values());
      byBlob.forEach((key, objects) -> upload(key, objects, uploads.get(keys.get(key))));
    }

    private void upload(String key, List<ObjectFacts> objects, @Nullable Item upload) {
      Optional<Digest> digest =
          upload == null
              ? Optional.empty()
              : upload.optionalString(UploadRecord.DIGEST).map(Digest::new);
      if (digest.isPresent()) {
        blob(digest.get(), records.get(digest.get()).orElse(null), key, objects);
        return;
      }
      Instant started = upload == null ? newest(objects) : upload.instant(UploadRecord.STARTED_AT);
      if (started.isAfter(now.minus(settings.abandoned()))) {
        return;
      }
      // Its last transaction wants this record: without it, a very slow upload fails cleanly.
      if (upload == null
          || fenced(
              Write.delete(UploadRecord.key(key)).when(Condition.absent(UploadRecord.DIGEST)))) {
        remove(key, objects);
        strays++;
      }
    }

    private void blob(
        Digest digest, @Nullable BlobRecord record, String key, List<ObjectFacts> objects) {
      if (record == null || !record.key().equals(key)) {
        stray(digest, record, key, objects);
      } else if (record.usable()) {
        if (!live.contains(digest) && record.touchedAt().isBefore(now.minus(settings.grace()))) {
          mark(record);
        }
      } else if (live.contains(digest)) {
        // Something restored refers to it again: its present key is lost, its bytes are not.
        observer.accept("rescue " + digest);
        rescue(record);
      } else if (record.state() == State.DELETING) {
        delete(record, objects);
      } else {
        remove(key, objects);
      }
    }

    /** One blob that cannot be saved now must not end the collection of all others. */
    private void rescue(BlobRecord record) {
      try {
        records.rescue(record);
      } catch (BlobStorageException | BucketException e) {
        LOG.error(
            "Blob {} is in use, but marked for deletion, and could not be saved",
            record.digest(),
            e);
      }
    }

    /** An object that its digest's record does not name. */
    private void stray(
        Digest digest, @Nullable BlobRecord record, String key, List<ObjectFacts> objects) {
      boolean old = newest(objects).isBefore(now.minus(settings.grace()));
      if (!old || (record == null && live.contains(digest))) {
        return;
      }
      if (record != null) {
        // The blob lives elsewhere, and can return to this key only after days without a record.
        hold();
        remove(key, objects);
        if (BlobKey.isUploaded(key)) {
          records.dropUpload(key);
        }
        strays++;
        return;
      }
      // An upload may be about to record it: let it meet a mark.
      long size = objects.getFirst().size();
      BlobRecord found =
          new BlobRecord(digest, size, key, State.DELETING, newest(objects), Map.of(), false);
      observer.accept("mark " + digest);
      Item item = found.item().with(BlobRecord.MARKED_AT, now).expiringAt(now.plus(MARKED));
      if (fenced(Write.create(item))) {
        marked++;
      }
    }

    private void mark(BlobRecord record) {
      observer.accept("mark " + record.digest());
      Write write =
          Write.update(BlobRecord.key(record.digest()))
              .set(BlobRecord.STATE, State.DELETING.value())
              .set(BlobRecord.MARKED_AT, now)
              .expireAt(now.plus(MARKED))
              .when(
                  Condition.and(
                      Condition.equal(BlobRecord.STATE, State.STORED.value()),
                      Condition.equal(BlobRecord.OBJECT, record.key()),
                      Condition.less(BlobRecord.TOUCHED_AT, now.minus(settings.grace()))));
      if (fenced(write)) {
        marked++;
      }
    }

    private void delete(BlobRecord record, List<ObjectFacts> objects) {
      Optional<Item> item = table.get(BlobRecord.key(record.digest()));
      if (item.isEmpty()
          || item.get().instant(BlobRecord.MARKED_AT).isAfter(now.minus(settings.delay()))) {
        return;
      }
      observer.accept("delete " + record.digest());
      hold();
      remove(record.key(), objects);
      Write buried =
          Write.update(BlobRecord.key(record.digest()))
              .set(BlobRecord.STATE, State.DELETED.value())
              .expireAt(now.plus(BURIED))
              .when(
                  Condition.and(
                      Condition.equal(BlobRecord.STATE, State.DELETING.value()),
                      Condition.equal(BlobRecord.OBJECT, record.key())));
      if (fenced(buried)) {
        deleted++;
        if (BlobKey.isUploaded(record.key())) {
          records.dropUpload(record.key());
        }
      }
    }

    /** Removes the objects listed and whatever variants may lie on another page. */
    private void remove(String key, List<ObjectFacts> objects) {
      Set<String> keys = new LinkedHashSet<>(objects.stream().map(ObjectFacts::key).toList());
      keys.add(key);
      for (Coding coding : Coding.values()) {
        keys.add(key + coding.suffix());
      }
      bucket.delete(keys);
    }

    private void unfinished() {
      hold();
      for (UnfinishedUpload upload : bucket.unfinishedUploads(BlobKey.UPLOADED)) {
        if (upload.started().isBefore(now.minus(settings.abandoned()))) {
          bucket.abortUpload(upload.key(), upload.uploadId());
          fenced(
              Write.delete(UploadRecord.key(upload.key()))
                  .when(Condition.absent(UploadRecord.DIGEST)));
          aborted++;
        }
      }
    }

    private boolean fenced(Write write) {
      return table.transact(List.of(lease.check(), write)).written();
    }

    private Instant newest(List<ObjectFacts> objects) {
      return objects.stream().map(ObjectFacts::modified).max(Instant::compareTo).orElse(now);
    }
  }
}
