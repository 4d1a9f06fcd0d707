package dev.portico.content.deployment;

import dev.portico.content.blob.BlobFacts;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.blob.VariantQueue;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a deployment complete and unchangeable: every blob must be there, then its manifest is
 * written, then its state changes. In this order, so that whoever sees it sealed finds all of it,
 * wherever a crash may fall.
 */
@Singleton
class Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
  private static final int MAX_NAMED = 100;

  private final BlobStore blobs;
  private final VariantQueue variants;
  private final ManifestStore manifests;
  private final DeploymentTable table;
  private final AuditLog audit;
  private final ExecutorService background;
  private final Clock clock;

  Sealing(
      BlobStore blobs,
      VariantQueue variants,
      ManifestStore manifests,
      DeploymentTable table,
      AuditLog audit,
      @Named(TaskExecutors.BLOCKING) ExecutorService background,
      Clock clock) {
    this.background = background;
    this.blobs = blobs;
    this.variants = variants;
    this.manifests = manifests;
    this.table = table;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Seals a deployment. Sealing one that is sealed changes nothing.
   *
   * @param caller who seals it
   * @param known what is stored of it
   * @throws Problem 409 when blobs are missing, with their digests; 503 when it is being purged
   */
  Publication.Result seal(
      Caller caller, DeploymentRecord record, @Nullable DeploymentRecord known, Manifest manifest) {
    if (known != null && known.purge() == DeploymentRecord.Purge.BEGUN) {
      throw Problem.busy();
    }
    List<Digest> missing = missing(manifest);
    if (!missing.isEmpty()) {
      throw named(missing);
    }
    // DynamoDB keeps milliseconds: the manifest must say the same.
    Instant now = Instant.ofEpochMilli(clock.millis());
    DeploymentRecord sealed = record.sealed(now, manifests.putSealed(record.site(), manifest, now));
    if (table.seal(sealed, known, entry(caller, sealed))) {
      if (known != null) {
        // What it replaces: the copy of a tombstone, and that of the upload.
        manifests.deleteSealed(known);
        manifests.deletePending(known);
      }
      requestVariants(manifest);
      return new Publication.Result(sealed, true);
    }
    manifests.deleteSealed(sealed);
    return table
        .get(record.site(), record.id(), now)
        .filter(first -> first.state() == DeploymentState.SEALED)
        .map(first -> new Publication.Result(first, false))
        .orElseThrow(Problem::busy);
  }

  private Write entry(Caller caller, DeploymentRecord sealed) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("deployment", sealed.id());
    String title = sealed.title();
    if (title != null) {
      details.put("title", title);
    }
    return audit.entry(caller, sealed.site(), "deployment.publish", details);
  }

  /**
   * Which blobs of a manifest are not stored.
   *
   * @throws Problem 422 when a blob is stored with another size than the manifest says: the
   *     manifest is wrong
   */
  List<Digest> missing(Manifest manifest) {
    Map<Digest, ManifestFile> wanted = new LinkedHashMap<>();
    for (ManifestFile file : manifest.files()) {
      ManifestFile other = wanted.putIfAbsent(new Digest(file.sha256()), file);
      if (other != null && other.size() != file.size()) {
        throw wrongSize(file, "another file with the same digest has another size");
      }
    }
    Map<Digest, BlobFacts> found = blobs.find(wanted.keySet());
    List<Digest> missing = new ArrayList<>();
    wanted.forEach(
        (digest, file) -> {
          BlobFacts facts = found.get(digest);
          if (facts == null) {
            missing.add(digest);
          } else if (facts.size() != file.size()) {
            throw wrongSize(file, "is not that of the bytes with this digest");
          }
        });
    return missing;
  }

  /**
   * Asks for compressed variants and does not wait. Should the service die first, a repeat of the
   * publication asks again, and so does the next publication that has any of these files.
   */
  void requestVariants(Manifest manifest) {
    background.execute(
        () -> {
          Collection<VariantQueue.Request> requests = new ArrayList<>(manifest.files().size());
          for (ManifestFile file : manifest.files()) {
            requests.add(
                new VariantQueue.Request(new Digest(file.sha256()), file.size(), file.type()));
          }
          try {
            variants.request(requests);
          } catch (RuntimeException e) {
            LOG.warn("variants of deployment {} could not be asked for", manifest.id(), e);
          }
        });
  }

  private static Problem named(List<Digest> missing) {
    Problem problem =
        Problem.conflict(
            "blobs-missing",
            missing.size()
                + " files have not been sent. Send them, or the manifest again to learn which.");
    for (Digest digest : missing.subList(0, Math.min(MAX_NAMED, missing.size()))) {
      problem = problem.field(digest.hex(), "has not been sent");
    }
    return problem;
  }

  private static Problem wrongSize(ManifestFile file, String reason) {
    return Problem.unprocessable("wrong-size", "The size of " + file.path() + " is wrong.")
        .field("size", reason);
  }
}
