package dev.portico.content.deployment;

import dev.portico.content.blob.Digest;
import dev.portico.content.blob.VariantQueue;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.site.SettingsFiles;
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
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a deployment complete and unchangeable: every blob must be there and its rules without
 * fault, then its manifest is written, then its state changes. In this order, so that whoever sees
 * it sealed finds all of it, wherever a crash may fall.
 */
@Singleton
class Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
  private static final int MAX_NAMED = 100;

  private final Stocktaking stock;
  private final RuleFiles ruleFiles;
  private final VariantQueue variants;
  private final ManifestStore manifests;
  private final DeploymentTable table;
  private final AuditLog audit;
  private final ExecutorService background;
  private final Clock clock;

  Sealing(
      Stocktaking stock,
      RuleFiles ruleFiles,
      VariantQueue variants,
      ManifestStore manifests,
      DeploymentTable table,
      AuditLog audit,
      @Named(TaskExecutors.BLOCKING) ExecutorService background,
      Clock clock) {
    this.stock = stock;
    this.ruleFiles = ruleFiles;
    this.background = background;
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
   * @param known its record as it is stored, or null
   * @param inventory what is stored of its blobs
   * @throws Problem 409 when blobs are missing, with their digests; 422 when its rules are at
   *     fault, with their lines; 503 when it is being purged
   */
  Publication.Result seal(
      Caller caller,
      DeploymentRecord record,
      @Nullable DeploymentRecord known,
      Manifest manifest,
      Inventory inventory) {
    if (known != null && known.purge() == DeploymentRecord.Purge.BEGUN) {
      throw Problem.busy();
    }
    if (!inventory.missing().isEmpty()) {
      throw named(inventory.missing());
    }
    RuleFiles.Said said = ruleFiles.read(record.site(), manifest);
    // Before sealing, so that a crash cannot lose it.
    requestVariants(manifest, inventory.withoutVariants());
    // DynamoDB keeps milliseconds: the manifest must say the same.
    Instant now = Instant.ofEpochMilli(clock.millis());
    DeploymentRecord sealed =
        record.sealed(now, manifests.putSealed(record.site(), manifest, said.rules(), now));
    List<Write> more =
        new ArrayList<>(List.of(entry(caller, sealed, sealed.title(), sealed.revision())));
    if (!said.settings().isEmpty()) {
      more.add(SettingsFiles.put(sealed.site(), sealed.id(), said.settings()));
    }
    if (table.seal(sealed, known, inventory.against(), more)) {
      if (known != null) {
        // What it replaces: the copy of a tombstone, and that of the upload.
        manifests.deleteSealed(known);
        manifests.deletePending(known);
      }
      return new Publication.Result(sealed, true);
    }
    manifests.deleteSealed(sealed);
    return table
        .get(record.site(), record.id(), now)
        .filter(first -> first.state() == DeploymentState.SEALED)
        .map(first -> new Publication.Result(first, false))
        .orElseThrow(Problem::busy);
  }

  /**
   * What the audit log has of it when sealed files are published again; null: nothing, since it
   * says nothing that the deployment does not. The deployment is shared with whoever has published
   * it before, and keeps what they called it.
   */
  @Nullable Write again(Caller caller, DeploymentRecord sealed, PublicationDetails details) {
    return details.newTo(sealed)
        ? entry(caller, sealed, details.title(), details.revision())
        : null;
  }

  private Write entry(
      Caller caller, DeploymentRecord sealed, @Nullable String title, @Nullable String revision) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("deployment", sealed.id());
    if (title != null) {
      details.put("title", title);
    }
    if (revision != null) {
      details.put("revision", revision);
    }
    return audit.entry(caller, sealed.site(), "deployment.publish", details);
  }

  /**
   * Asks again, and in the background, for the variants of a deployment published before: those
   * that could not be made may be made now.
   */
  void requestVariantsAgain(Manifest manifest) {
    background.execute(
        () -> {
          try {
            requestVariants(manifest, stock.inventory(manifest, Baseline.NONE).withoutVariants());
          } catch (RuntimeException e) {
            LOG.warn("variants of deployment {} could not be looked up", manifest.id(), e);
          }
        });
  }

  /** Compressed forms are a gain, never a condition: a publication does not fail for them. */
  private void requestVariants(Manifest manifest, Set<Digest> digests) {
    if (digests.isEmpty()) {
      return;
    }
    Collection<VariantQueue.Request> requests = new ArrayList<>(digests.size());
    for (ManifestFile file : manifest.files()) {
      Digest digest = new Digest(file.sha256());
      if (digests.contains(digest)) {
        requests.add(new VariantQueue.Request(digest, file.size(), file.type()));
      }
    }
    try {
      variants.request(requests);
    } catch (RuntimeException e) {
      LOG.warn("variants of deployment {} could not be asked for", manifest.id(), e);
    }
  }

  private static Problem named(List<Digest> missing) {
    Problem problem =
        Problem.conflict(
            "blobs-missing",
            missing.size() == 1
                ? "One file has not been sent. Send it, or the manifest again to learn which."
                : missing.size()
                    + " files have not been sent. Send them, or the manifest again to learn which.");
    for (Digest digest : missing.subList(0, Math.min(MAX_NAMED, missing.size()))) {
      problem = problem.field(digest.hex(), "has not been sent");
    }
    return problem;
  }
}
