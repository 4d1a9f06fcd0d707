package dev.portico.content.deployment;

import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.blob.Ingest;
import dev.portico.content.blob.StoredFile;
import dev.portico.content.deployment.archive.ArchiveReader;
import dev.portico.content.deployment.archive.ArchiveSink;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestBuilder;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.ManifestRequest;
import dev.portico.content.deployment.manifest.ManifestRequestReader;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.Caller;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The two ways to publish: a whole archive in one request, or a manifest of digests and then the
 * files not yet stored. Both end in {@link Sealing}, and both give the same deployment for the same
 * files, so that any request can be repeated.
 */
@Singleton
class Publication {
  private static final Duration FULL = Duration.ofSeconds(5);

  private final BlobStore blobs;
  private final ArchiveReader archives;
  private final DeploymentTable table;
  private final ManifestStore manifests;
  private final Stocktaking stock;
  private final Sealing sealing;
  private final DeploymentSettings settings;
  private final Clock clock;
  private final Semaphore places;

  Publication(
      BlobStore blobs,
      ArchiveReader archives,
      DeploymentTable table,
      ManifestStore manifests,
      Stocktaking stock,
      Sealing sealing,
      DeploymentSettings settings,
      Clock clock) {
    this.blobs = blobs;
    this.archives = archives;
    this.table = table;
    this.manifests = manifests;
    this.stock = stock;
    this.sealing = sealing;
    this.settings = settings;
    this.clock = clock;
    this.places = new Semaphore(settings.maxPublications());
  }

  /**
   * What a publication came to.
   *
   * @param deployment as it is now
   * @param created whether this request made it
   */
  record Result(DeploymentRecord deployment, boolean created) {}

  /**
   * What beginning an upload by digests came to.
   *
   * @param deployment as it is now
   * @param created whether this request made it
   * @param missing what has to be sent
   */
  record Begun(DeploymentRecord deployment, boolean created, List<Digest> missing) {}

  /**
   * Publishes an archive, read once and never kept.
   *
   * @param stillAllowed throws when the caller may no longer publish: reading can take long
   * @throws dev.portico.content.deployment.archive.ArchiveRejected when it cannot be published
   * @throws Problem 503 when this copy is publishing as many archives as it may
   * @throws IOException when the body ends early or cannot be read
   */
  Result archive(
      Caller caller,
      String site,
      PublicationDetails details,
      InputStream body,
      @Nullable String contentType,
      Runnable stillAllowed)
      throws IOException {
    if (!places.tryAcquire()) {
      throw Problem.of(
              503,
              "too-many-publications",
              "Try again",
              "Too many archives are being published just now. Repeat the request.")
          .retryAfter(FULL);
    }
    try {
      return admitted(caller, site, details, body, contentType, stillAllowed);
    } finally {
      places.release();
    }
  }

  private Result admitted(
      Caller caller,
      String site,
      PublicationDetails details,
      InputStream body,
      @Nullable String contentType,
      Runnable stillAllowed)
      throws IOException {
    Baseline baseline = stock.baseline(site);
    Instant begun = clock.instant();
    try (Ingest ingest = blobs.ingest(baseline.held())) {
      archives.read(body, contentType, new IngestingSink(ingest));
      Ingest.Result stored = ingest.finish();
      ManifestBuilder files = new ManifestBuilder(settings.limits());
      for (StoredFile file : stored.files()) {
        files.add(file.path(), file.digest().hex(), file.size(), null);
      }
      Manifest manifest = files.build();
      stillAllowed.run();
      Optional<DeploymentRecord> known = table.get(site, manifest.id(), clock.instant());
      if (known.isPresent()
          && publishedAgain(known.get(), sealing.again(caller, known.get(), details))) {
        sealing.requestVariantsAgain(manifest);
        return new Result(known.get(), false);
      }
      DeploymentRecord record =
          fresh(site, manifest, details, stored.newBlobs(), stored.newBytes());
      return sealing.seal(
          caller,
          record,
          known.orElse(null),
          manifest,
          stock.inventory(manifest, baseline, stored, begun));
    }
  }

  /**
   * Begins an upload by digests, or goes on with one.
   *
   * @throws dev.portico.content.deployment.manifest.InvalidManifestException when the manifest
   *     cannot be published
   */
  Begun begin(Caller caller, String site, InputStream body) throws IOException {
    Baseline live = stock.baseline(site);
    ManifestRequest request = new ManifestRequestReader(settings.limits()).read(body);
    Manifest manifest = request.manifest();
    PublicationDetails details =
        new PublicationDetails(caller.id(), request.title(), request.revision());
    while (true) {
      Instant now = clock.instant();
      Optional<DeploymentRecord> known = table.get(site, manifest.id(), now);
      if (known.isPresent() && known.get().state() == DeploymentState.SEALED) {
        if (!publishedAgain(known.get(), sealing.again(caller, known.get(), details))) {
          continue;
        }
        sealing.requestVariantsAgain(manifest);
        return new Begun(known.get(), false, List.of());
      }
      if (known.isPresent() && known.get().purge() == DeploymentRecord.Purge.BEGUN) {
        throw Problem.busy();
      }
      List<Digest> missing =
          stock
              .inventory(
                  manifest, live.publishing(manifest.id()), file -> request.place(file, "size"))
              .missing();
      boolean resumed = known.isPresent() && known.get().uploading(now);
      String pending = manifests.putPending(site, manifest);
      DeploymentRecord record =
          (resumed
                  ? known.get().called(details)
                  : fresh(site, manifest, details, missing.size(), bytes(manifest, missing)))
              .continued(now.plus(settings.uploadExpiry()), pending);
      if (known.isPresent()) {
        record = record.uploading(known.get());
      }
      if (table.begin(record, known.orElse(null))) {
        known.ifPresent(manifests::deletePending);
        return new Begun(record, !resumed, missing);
      }
      manifests.deletePending(record);
    }
  }

  /**
   * Stores one file of an upload.
   *
   * @param length the number of bytes announced, or -1
   * @return whether it was not stored before
   * @throws Problem 404 when there is no such upload, or it has no such file; 400 when the length
   *     cannot be right
   */
  boolean put(String site, String id, Digest digest, long length, InputStream body)
      throws IOException {
    DeploymentRecord record = existing(site, id);
    long size =
        manifests
            .index(record)
            .orElseThrow(Problem::busy)
            .size(digest)
            .orElseThrow(() -> Problem.notFound("A file of this deployment with this digest"));
    if (length >= 0 && length != size) {
      throw Problem.badRequest(
          "wrong-length", "Content-Length", "must be " + size + ", as in the manifest");
    }
    if (record.state() == DeploymentState.SEALED) {
      return false;
    }
    return blobs.put(digest, size, body);
  }

  /**
   * Seals an upload.
   *
   * @throws Problem 404 when there is no such upload, 409 when files are missing
   */
  Result seal(Caller caller, String site, String id) throws IOException {
    DeploymentRecord record = existing(site, id);
    if (publishedAgain(record, null)) {
      return new Result(record, false);
    }
    Manifest manifest;
    try (StoredManifest pending = manifests.openPending(record).orElseThrow(Problem::busy)) {
      manifest = pending.readAll();
    }
    if (!manifest.id().equals(id)) {
      throw new IllegalStateException(
          "the manifest kept for " + id + " is that of " + manifest.id());
    }
    Baseline baseline = stock.baseline(site).publishing(id);
    return sealing.seal(caller, record, record, manifest, stock.inventory(manifest, baseline));
  }

  /** Whether it was sealed and is now kept as if it were new. */
  private boolean publishedAgain(DeploymentRecord known, @Nullable Write entry) {
    return known.state() == DeploymentState.SEALED
        && table.publishedAgain(known, Instant.ofEpochMilli(clock.millis()), entry);
  }

  private DeploymentRecord existing(String site, String id) {
    Instant now = clock.instant();
    return table
        .get(site, id, now)
        .filter(record -> record.state() == DeploymentState.SEALED || record.uploading(now))
        .orElseThrow(() -> Problem.notFound("The deployment " + id));
  }

  private DeploymentRecord fresh(
      String site, Manifest manifest, PublicationDetails details, long newBlobs, long newBytes) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    return new DeploymentRecord(
        site,
        manifest.id(),
        DeploymentState.UPLOADING,
        details.title(),
        details.revision(),
        details.author(),
        now,
        null,
        null,
        now.plus(settings.uploadExpiry()),
        manifest.files().size(),
        manifest.bytes(),
        newBlobs,
        newBytes,
        DeploymentRecord.Purge.NONE,
        null,
        null,
        null);
  }

  private static long bytes(Manifest manifest, List<Digest> digests) {
    Map<String, Long> sizes = new HashMap<>();
    for (ManifestFile file : manifest.files()) {
      sizes.put(file.sha256(), file.size());
    }
    return digests.stream().mapToLong(digest -> sizes.getOrDefault(digest.hex(), 0L)).sum();
  }

  private record IngestingSink(Ingest ingest) implements ArchiveSink {
    @Override
    public void file(String path, long declaredSize, InputStream content) throws IOException {
      ingest.add(path, declaredSize, content);
    }

    @Override
    public void same(String path, String earlierPath) {
      ingest.same(path, earlierPath);
    }
  }
}
