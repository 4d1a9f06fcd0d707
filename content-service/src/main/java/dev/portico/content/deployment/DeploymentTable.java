package dev.portico.content.deployment;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads and writes the facts of deployments; every write is conditional on the state it leaves. */
@Singleton
class DeploymentTable {
  private final Table table;

  DeploymentTable(Table table) {
    this.table = table;
  }

  /** The record, unless there is none or it is of an upload that has been given up. */
  Optional<DeploymentRecord> get(String site, String id, Instant now) {
    return table
        .get(DeploymentRecord.key(site, id))
        .map(DeploymentRecord::of)
        .filter(record -> !record.forgotten(now));
  }

  /** A page of what is uploading or sealed, newest first. */
  Page newest(String site, int limit, @Nullable String cursor) {
    return table.query(
        Query.ofIndex(DeploymentRecord.partition(site)).limit(limit).backward().after(cursor));
  }

  /** All of a site's, tombstones included, by id. */
  Stream<DeploymentRecord> all(String site) {
    return table.stream(Query.of(DeploymentRecord.partition(site))).map(DeploymentRecord::of);
  }

  /**
   * Records that an upload has begun.
   *
   * @param known what was stored when the upload was decided on
   * @return false when that has changed meanwhile
   */
  boolean begin(DeploymentRecord record, @Nullable DeploymentRecord known) {
    Condition unchanged =
        Condition.or(
            Condition.notExists(),
            Condition.equal(DeploymentRecord.STATE, DeploymentState.UPLOADING.text()));
    if (known != null && known.state() == DeploymentState.DELETED) {
      unchanged =
          Condition.and(
              Condition.equal(DeploymentRecord.STATE, DeploymentState.DELETED.text()),
              samePurge(known));
    }
    if (known != null) {
      unchanged = Condition.and(unchanged, samePending(known));
    }
    return table.write(Write.put(record.item()).when(unchanged)).written();
  }

  /**
   * Notes that the same files were published again, which keeps a deployment as if it were new.
   *
   * @param entry of the audit log, to go with it; null: none
   * @return false when it is not sealed any more
   */
  boolean publishedAgain(DeploymentRecord sealed, Instant now, @Nullable Write entry) {
    Write again =
        Write.update(DeploymentRecord.key(sealed.site(), sealed.id()))
            .set(DeploymentRecord.PUBLISHED_AT, now)
            .when(isSealed());
    return (entry == null ? table.write(again) : table.transact(List.of(again, entry))).written();
  }

  /**
   * Makes a deployment sealed, with the copy of the manifest that it names: nobody else writes or
   * deletes this copy.
   *
   * @param known what was stored before
   * @param baseline what it was published against; must still be sealed
   * @param more writes to go with it
   * @return false when another publication of the same content was first, a purge came between, or
   *     the baseline was deleted meanwhile
   */
  boolean seal(
      DeploymentRecord sealed,
      @Nullable DeploymentRecord known,
      Baseline baseline,
      List<Write> more) {
    Condition unsealed = Condition.and(isSealed().negate(), samePurge(known), sameManifest(known));
    List<Write> writes = new ArrayList<>(List.of(Write.put(sealed.item()).when(unsealed)));
    writes.addAll(more);
    DeploymentRecord kept = baseline.deployment();
    if (kept != null) {
      writes.add(Write.check(DeploymentRecord.key(kept.site(), kept.id()), isSealed()));
    }
    return table.transact(writes).written();
  }

  private static Condition samePending(DeploymentRecord known) {
    String pending = known.pending();
    return pending == null
        ? Condition.absent(DeploymentRecord.PENDING)
        : Condition.equal(DeploymentRecord.PENDING, pending);
  }

  private static Condition sameManifest(@Nullable DeploymentRecord known) {
    String manifest = known == null ? null : known.manifest();
    return manifest == null
        ? Condition.absent(DeploymentRecord.MANIFEST)
        : Condition.equal(DeploymentRecord.MANIFEST, manifest);
  }

  private static Condition samePurge(@Nullable DeploymentRecord known) {
    return known == null || known.purge() == DeploymentRecord.Purge.NONE
        ? Condition.absent(DeploymentRecord.PURGE)
        : Condition.equal(DeploymentRecord.PURGE, known.purge().name());
  }

  /** The write that turns a sealed deployment into a tombstone, for a transaction. */
  Write tombstone(DeploymentRecord record, Instant now) {
    Instant publishedAt = record.publishedAt();
    Condition notPublishedAgain =
        publishedAt == null
            ? Condition.absent(DeploymentRecord.PUBLISHED_AT)
            : Condition.equal(DeploymentRecord.PUBLISHED_AT, publishedAt);
    return Write.put(record.deleted(now).item())
        .when(Condition.and(isSealed(), sameManifest(record), notPublishedAgain));
  }

  /** That it is sealed. */
  static Condition isSealed() {
    return Condition.equal(DeploymentRecord.STATE, DeploymentState.SEALED.text());
  }

  /**
   * Forgets an upload that has not been sealed; a tombstone only forgets the upload.
   *
   * @return false when it has been sealed or gone on with meanwhile
   */
  boolean forgetUpload(DeploymentRecord record) {
    Condition same =
        Condition.and(
            Condition.equal(DeploymentRecord.STATE, record.state().text()),
            record.uploadUntil() == null
                ? Condition.absent(DeploymentRecord.UPLOAD_UNTIL)
                : Condition.equal(DeploymentRecord.UPLOAD_UNTIL, record.uploadUntil()),
            samePending(record));
    Write write =
        record.state() == DeploymentState.UPLOADING
            ? Write.delete(DeploymentRecord.key(record.site(), record.id())).when(same)
            : Write.update(DeploymentRecord.key(record.site(), record.id()))
                .remove(DeploymentRecord.UPLOAD_UNTIL)
                .remove(DeploymentRecord.PENDING)
                .when(same);
    return table.write(write).written();
  }

  /**
   * Notes how far the purge of a tombstone is.
   *
   * @param more writes to go with it
   * @return false when it is no tombstone any more, or is being published again
   */
  boolean purge(DeploymentRecord tombstone, DeploymentRecord.Purge purge, Write... more) {
    List<Write> writes = new ArrayList<>(List.of(more));
    writes.add(
        Write.update(DeploymentRecord.key(tombstone.site(), tombstone.id()))
            .set(DeploymentRecord.PURGE, purge.name())
            .when(
                Condition.and(
                    Condition.equal(DeploymentRecord.STATE, DeploymentState.DELETED.text()),
                    Condition.absent(DeploymentRecord.UPLOAD_UNTIL),
                    sameManifest(tombstone),
                    samePurge(tombstone))));
    return table.transact(writes).written();
  }

  static DeploymentRecord record(Item item) {
    return DeploymentRecord.of(item);
  }
}
