package dev.portico.content.deployment;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a deployment as DynamoDB keeps them.
 *
 * @param site whose it is
 * @param id see {@code Manifest.id()}
 * @param state as stored
 * @param title what the publisher calls it
 * @param revision the source revision it was built from
 * @param author who published it
 * @param createdAt when its publication began
 * @param sealedAt when it became complete; null before
 * @param deletedAt when it was deleted; null unless it was
 * @param uploadUntil when an upload under way is forgotten; null when there is none. A deleted
 *     deployment can have one: it is being published again.
 * @param files number of files
 * @param bytes their total size
 * @param newBlobs how many blobs had not been stored before its publication
 * @param newBytes their total size
 * @param purge how far the deletion of a tombstone's manifest is
 * @param manifest which stored manifest is its own, see {@link ManifestStore}; null unless it is,
 *     or was, sealed
 * @param pending the same of the upload under way; null when there is none
 * @param publishedAt when the same files were last published again; null when never
 */
record DeploymentRecord(
    String site,
    String id,
    DeploymentState state,
    @Nullable String title,
    @Nullable String revision,
    String author,
    Instant createdAt,
    @Nullable Instant sealedAt,
    @Nullable Instant deletedAt,
    @Nullable Instant uploadUntil,
    long files,
    long bytes,
    long newBlobs,
    long newBytes,
    Purge purge,
    @Nullable String manifest,
    @Nullable String pending,
    @Nullable Instant publishedAt) {

  static final String STATE = "state";
  static final String UPLOAD_UNTIL = "uploadUntil";
  static final String DELETED_AT = "deletedAt";
  static final String PURGE = "purge";
  static final String MANIFEST = "manifest";
  static final String PENDING = "pending";
  static final String PUBLISHED_AT = "publishedAt";

  /** How far the deletion of a tombstone's manifest is. */
  enum Purge {
    /** The manifest is there. */
    NONE,
    /** It is being deleted: whoever would publish the same again has to wait. */
    BEGUN,
    /** It is gone. */
    DONE
  }

  private static final String KEY_PREFIX = "DEPLOYMENT#";

  /** ISO 8601 with exactly three decimals, so that times sort as text. */
  private static final DateTimeFormatter SORTABLE =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  static String partition(String site) {
    return "SITE#" + site + "#DEPLOYMENTS";
  }

  static Key key(String site, String id) {
    return new Key(partition(site), KEY_PREFIX + id);
  }

  static DeploymentRecord of(Item item) {
    String pk = item.key().pk();
    return new DeploymentRecord(
        pk.substring("SITE#".length(), pk.length() - "#DEPLOYMENTS".length()),
        item.key().sk().substring(KEY_PREFIX.length()),
        DeploymentState.of(item.string(STATE)),
        item.optionalString("title").orElse(null),
        item.optionalString("revision").orElse(null),
        item.string("author"),
        item.instant("createdAt"),
        item.optionalInstant("sealedAt").orElse(null),
        item.optionalInstant(DELETED_AT).orElse(null),
        item.optionalInstant(UPLOAD_UNTIL).orElse(null),
        item.number("files"),
        item.number("bytes"),
        item.number("newBlobs"),
        item.number("newBytes"),
        item.optionalString(PURGE).map(Purge::valueOf).orElse(Purge.NONE),
        item.optionalString(MANIFEST).orElse(null),
        item.optionalString(PENDING).orElse(null),
        item.optionalInstant(PUBLISHED_AT).orElse(null));
  }

  /** What is stored. Only what is uploading or sealed is in the index, and so in lists. */
  Item item() {
    Item item =
        Item.at(key(site, id))
            .with(STATE, state.text())
            .with("title", title)
            .with("revision", revision)
            .with("author", author)
            .with("createdAt", createdAt)
            .with("sealedAt", sealedAt)
            .with(DELETED_AT, deletedAt)
            .with(UPLOAD_UNTIL, uploadUntil)
            .with("files", files)
            .with("bytes", bytes)
            .with("newBlobs", newBlobs)
            .with("newBytes", newBytes)
            .with(MANIFEST, manifest)
            .with(PENDING, pending)
            .with(PUBLISHED_AT, publishedAt);
    if (purge != Purge.NONE) {
      item = item.with(PURGE, purge.name());
    }
    if (state == DeploymentState.UPLOADING && uploadUntil != null) {
      item = item.expiringAt(uploadUntil);
    }
    if (state != DeploymentState.DELETED) {
      item = item.indexed(partition(site), SORTABLE.format(createdAt) + "#" + id);
    }
    return item;
  }

  /** Whether files may be sent to it now. */
  boolean uploading(Instant now) {
    return state != DeploymentState.SEALED && uploadUntil != null && now.isBefore(uploadUntil);
  }

  /** Whether nothing is left of it but an upload that ended unfinished. */
  boolean forgotten(Instant now) {
    return state == DeploymentState.UPLOADING && !uploading(now);
  }

  /** The same deployment, complete. */
  DeploymentRecord sealed(Instant now, String manifest) {
    return new DeploymentRecord(
        site,
        id,
        DeploymentState.SEALED,
        title,
        revision,
        author,
        createdAt,
        now,
        null,
        null,
        files,
        bytes,
        newBlobs,
        newBytes,
        Purge.NONE,
        manifest,
        null,
        null);
  }

  /** The same upload as its publisher calls it now; what is not said now stays as it was said. */
  DeploymentRecord called(PublicationDetails details) {
    return new DeploymentRecord(
        site,
        id,
        state,
        details.title() == null ? title : details.title(),
        details.revision() == null ? revision : details.revision(),
        author,
        createdAt,
        sealedAt,
        deletedAt,
        uploadUntil,
        files,
        bytes,
        newBlobs,
        newBytes,
        purge,
        manifest,
        pending,
        publishedAt);
  }

  /** The same upload, with more time and another copy of its manifest. */
  DeploymentRecord continued(Instant until, String pending) {
    return new DeploymentRecord(
        site,
        id,
        state,
        title,
        revision,
        author,
        createdAt,
        sealedAt,
        deletedAt,
        until,
        files,
        bytes,
        newBlobs,
        newBytes,
        purge,
        manifest,
        pending,
        publishedAt);
  }

  /**
   * The same deployment, waiting for files; one that was deleted stays so until it is sealed again.
   */
  DeploymentRecord uploading(DeploymentRecord stored) {
    return new DeploymentRecord(
        site,
        id,
        stored.state,
        title,
        revision,
        author,
        createdAt,
        stored.sealedAt,
        stored.deletedAt,
        uploadUntil,
        files,
        bytes,
        newBlobs,
        newBytes,
        stored.purge,
        stored.manifest,
        pending,
        stored.publishedAt);
  }

  /** The same tombstone, its manifest being deleted. */
  DeploymentRecord purging() {
    return new DeploymentRecord(
        site,
        id,
        state,
        title,
        revision,
        author,
        createdAt,
        sealedAt,
        deletedAt,
        uploadUntil,
        files,
        bytes,
        newBlobs,
        newBytes,
        Purge.BEGUN,
        manifest,
        pending,
        publishedAt);
  }

  /** The same deployment as a tombstone. */
  DeploymentRecord deleted(Instant now) {
    return new DeploymentRecord(
        site,
        id,
        DeploymentState.DELETED,
        title,
        revision,
        author,
        createdAt,
        sealedAt,
        now,
        null,
        files,
        bytes,
        newBlobs,
        newBytes,
        purge,
        manifest,
        null,
        publishedAt);
  }
}
