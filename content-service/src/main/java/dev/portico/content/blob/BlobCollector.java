package dev.portico.content.blob;

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
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what nobody needs, in two steps that need no coordination with uploads
 * (docs/decisions/0006-packs.md).
 *
 * <ol>
 *   <li>The <em>record</em> of a blob that no deployment refers to and no upload has touched for
 *       the grace period is forgotten, on the condition that it still is so. Whoever uploads the
 *       blob after that stores it anew.
 *   <li>An <em>object</em> that no record names is deleted when that has been so for the grace
 *       period, since a table restored to an earlier time may name it. Nobody names an object but
 *       its writer, right after writing it, so it stays unnamed; deleting it is harmless however
 *       late it happens, even by a holder that lost its lease.
 * </ol>
 *
 * <p>A pack of which less than half is still named is written anew with that half.
 */
@Singleton
final class BlobCollector {
  static final String LEASE = "blob-collection";
  private static final Logger LOG = LoggerFactory.getLogger(BlobCollector.class);

  /**
   * How much longer than the grace period an object stays: the table's recovery window may be just
   * as long, and a collection that began before a restore may still be at work.
   */
  private static final Duration SLACK = Duration.ofDays(1);

  private final Bucket bucket;
  private final Table table;
  private final BlobRecords records;
  private final Packs packs;
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
      Packs packs,
      Leases leases,
      Collection<LiveDigests> references,
      CollectionSettings settings,
      Clock clock) {
    this.bucket = bucket;
    this.table = table;
    this.records = records;
    this.packs = packs;
    this.leases = leases;
    this.references = List.copyOf(references);
    this.settings = settings;
    this.clock = clock;
  }

  void observe(Consumer<String> observer) {
    this.observer = observer;
  }

  /**
   * What a run did.
   *
   * @param live blobs that deployments refer to
   * @param forgotten records that were deleted
   * @param repacked packs of which the rest was written anew
   * @param retired objects found for the first time with no record naming them
   * @param deleted objects that were deleted
   * @param aborted uploads that were given up
   */
  record Report(int live, int forgotten, int repacked, int retired, int deleted, int aborted) {}

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

  private interface Judgement {
    void of(ObjectFacts object) throws IOException;
  }

  /** The state of one run. */
  private final class Run {
    private final Lease lease;
    private final DigestSet live = new DigestSet();
    private final Instant now = clock.instant();
    private final Instant unused = now.minus(settings.grace());
    private Instant renewed = now;
    private int forgotten;
    private int repacked;
    private int retired;
    private int deleted;
    private int aborted;

    Run(Lease lease) {
      this.lease = lease;
    }

    /** Notes a digest in use. Reading all manifests can take longer than the lease. */
    void alive(Digest digest) {
      live.add(digest);
      holdOn();
    }

    Report collect() {
      pages(BlobKey.PACKS, objects -> objects.forEach(object -> each(object, this::pack)));
      pages(BlobKey.UPLOADED, this::uploaded);
      unfinished();
      return new Report(live.size(), forgotten, repacked, retired, deleted, aborted);
    }

    private void pages(String prefix, Consumer<List<ObjectFacts>> each) {
      String cursor = null;
      do {
        hold();
        ObjectPage page = bucket.list(prefix, cursor);
        each.accept(page.objects());
        cursor = page.next();
      } while (cursor != null);
    }

    private void holdOn() {
      if (clock.instant().isAfter(renewed.plus(settings.lease().dividedBy(4)))) {
        hold();
      }
    }

    /** Holds on to the lease, or stops. */
    private void hold() {
      observer.accept("hold");
      if (leases.renew(lease, settings.lease()).isEmpty()) {
        throw new BlobStorageException("Another copy has taken over the collection.", null);
      }
      renewed = clock.instant();
    }

    /** Looks at one object. One that cannot be judged must not end the collection of all others. */
    private void each(ObjectFacts object, Judgement judgement) {
      holdOn();
      try {
        judgement.of(object);
      } catch (IOException | BucketException | IllegalStateException e) {
        LOG.error("{} or what names it cannot be read, and stays", object.key(), e);
      }
    }

    private void pack(ObjectFacts object) throws IOException {
      if (object.modified().isAfter(unused)) {
        // Too young for anything in it to be needless, and perhaps not named yet.
        return;
      }
      Optional<List<Pack.Entry>> contents = packs.contents(object.key());
      if (contents.isPresent()) {
        pack(object, contents.get());
      }
    }

    private void pack(ObjectFacts object, List<Pack.Entry> contents) throws IOException {
      Set<Digest> digests = new HashSet<>();
      contents.forEach(entry -> digests.add(entry.digest()));
      Map<Digest, BlobRecord> known = new HashMap<>(records.getAll(digests));
      known.values().removeIf(record -> needless(record) && forget(record));
      if (contents.stream().anyMatch(entry -> lost(entry, known, object.key()))) {
        return;
      }
      Set<Pack.Entry> named = new HashSet<>(contents);
      named.removeIf(entry -> !names(known.get(entry.digest()), object.key(), entry));
      if (named.isEmpty()) {
        unnamed(object.key());
      } else if (bytes(named) * 2 < bytes(contents)) {
        repack(object, contents, named);
      }
    }

    private static long bytes(Collection<Pack.Entry> entries) {
      return entries.stream().mapToLong(Pack.Entry::length).sum();
    }

    private static boolean names(@Nullable BlobRecord record, String object, Pack.Entry entry) {
      return record != null && record.isIn(object, entry.coding());
    }

    /**
     * A blob in use without a record is an accident, and its bytes may be the last there are; or an
     * upload has named it and not sent it yet.
     */
    private boolean lost(Pack.Entry entry, Map<Digest, BlobRecord> known, String object) {
      boolean lost =
          entry.coding() == null
              && live.contains(entry.digest())
              && !known.containsKey(entry.digest());
      if (lost) {
        LOG.error(
            "Blob {} seems to be in use, but has no record; {} holds it", entry.digest(), object);
      }
      return lost;
    }

    private boolean needless(BlobRecord record) {
      return !live.contains(record.digest()) && record.touchedAt().isBefore(unused);
    }

    /** Deletes a record; false when somebody has touched it meanwhile. */
    private boolean forget(BlobRecord record) {
      observer.accept("forget " + record.digest());
      boolean gone =
          fenced(
              Write.delete(BlobRecord.key(record.digest()))
                  .when(Condition.less(BlobRecord.TOUCHED_AT, unused)));
      forgotten += gone ? 1 : 0;
      return gone;
    }

    /**
     * Writes what is still named into a pack of its own. The old one stays for the grace period.
     */
    private void repack(ObjectFacts object, List<Pack.Entry> contents, Set<Pack.Entry> named)
        throws IOException {
      observer.accept("repack " + object.key());
      List<Pack.Content> kept = packs.read(object.key(), contents, named::contains);
      List<Extent> extents = packs.write(kept);
      Map<Digest, Map<Coding, Extent>> variants = new LinkedHashMap<>();
      for (int i = 0; i < kept.size(); i++) {
        Digest digest = kept.get(i).digest();
        Coding coding = kept.get(i).coding();
        Extent extent = extents.get(i);
        if (coding != null) {
          variants.computeIfAbsent(digest, it -> new HashMap<>()).put(coding, extent);
        } else {
          fenced(
              Write.update(BlobRecord.key(digest))
                  .set(BlobRecord.OBJECT, extent.object())
                  .set(BlobRecord.OFFSET, extent.offset())
                  .when(Condition.equal(BlobRecord.OBJECT, object.key())));
        }
      }
      variants.forEach(
          (digest, moved) ->
              fenced(
                  Write.update(BlobRecord.key(digest))
                      .set(BlobRecord.VARIANTS_OBJECT, BlobRecord.variantsObject(moved))
                      .setMap(BlobRecord.VARIANTS, BlobRecord.places(moved))
                      .when(Condition.equal(BlobRecord.VARIANTS_OBJECT, object.key()))));
      repacked++;
    }

    private void uploaded(List<ObjectFacts> objects) {
      Map<String, Key> keys = new LinkedHashMap<>();
      objects.forEach(object -> keys.put(object.key(), UploadRecord.key(object.key())));
      Map<Key, Item> uploads = table.getAll(Set.copyOf(keys.values()));
      for (ObjectFacts object : objects) {
        each(object, it -> uploaded(it, uploads.get(keys.get(it.key()))));
      }
    }

    private void uploaded(ObjectFacts object, @Nullable Item upload) {
      Optional<Digest> digest =
          Optional.ofNullable(upload)
              .flatMap(item -> item.optionalString(UploadRecord.DIGEST))
              .map(Digest::new);
      if (digest.isPresent()) {
        large(object, digest.get());
      } else {
        abandoned(object, upload);
      }
    }

    private void large(ObjectFacts object, Digest digest) {
      Optional<BlobRecord> record = records.get(digest);
      if (record.isEmpty() && live.contains(digest)) {
        LOG.error("Blob {} seems to be in use, but has no record; {} is it", digest, object.key());
      } else if (record.isEmpty()
          || !record.get().isIn(object.key(), null)
          || (needless(record.get()) && forget(record.get()))) {
        unnamed(object.key());
      }
    }

    private void abandoned(ObjectFacts object, @Nullable Item upload) {
      Instant started =
          upload == null ? object.modified() : upload.instant(UploadRecord.STARTED_AT);
      if (started.isAfter(now.minus(settings.abandoned()))) {
        return;
      }
      // Its last transaction wants this record: without it, a very slow upload fails cleanly.
      if (upload == null
          || fenced(
              Write.delete(UploadRecord.key(object.key()))
                  .when(Condition.absent(UploadRecord.DIGEST)))) {
        // Not deleted at once: a table restored to an earlier time lacks the records of later
        // uploads.
        unnamed(object.key());
      }
    }

    /** Deletes an object that has been unnamed for long enough; else remembers since when it is. */
    private void unnamed(String key) {
      Optional<Item> known = table.get(RetiredObject.key(key));
      if (known.isEmpty()) {
        observer.accept("retire " + key);
        table.write(RetiredObject.retired(key, clock.instant(), settings.grace()));
        retired++;
      } else if (known.get().instant(RetiredObject.SINCE).isBefore(unused.minus(SLACK))) {
        observer.accept("delete " + key);
        hold();
        bucket.delete(List.of(key));
        records.dropUpload(key);
        table.write(RetiredObject.deleted(key));
        deleted++;
      }
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
  }
}
