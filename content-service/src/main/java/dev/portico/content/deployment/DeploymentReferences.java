package dev.portico.content.deployment;

import dev.portico.content.blob.Digest;
import dev.portico.content.blob.LiveDigests;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The blobs that deployments refer to: of uploads under way, of sealed deployments, and of deleted
 * ones until they are purged, since a table restored to an earlier time may call them sealed again.
 */
@Singleton
class DeploymentReferences implements LiveDigests {
  private final SiteNames sites;
  private final DeploymentTable table;
  private final ManifestStore manifests;
  private final DeploymentSettings settings;
  private final Clock clock;

  DeploymentReferences(
      SiteNames sites,
      DeploymentTable table,
      ManifestStore manifests,
      DeploymentSettings settings,
      Clock clock) {
    this.settings = settings;
    this.sites = sites;
    this.table = table;
    this.manifests = manifests;
    this.clock = clock;
  }

  @Override
  public void forEach(Consumer<Digest> visitor) {
    try (Stream<String> names = sites.all()) {
      names.forEach(
          site -> {
            try (Stream<DeploymentRecord> deployments = table.all(site)) {
              deployments.forEach(deployment -> visit(deployment, visitor));
            }
          });
    }
    visitRetired(visitor);
  }

  /**
   * Blobs of purged sites are kept as long as those of deleted deployments, for the same reason.
   */
  private void visitRetired(Consumer<Digest> visitor) {
    try {
      manifests.eachRetired(
          clock.instant().minus(settings.tombstoneGrace()),
          manifest -> visitAll(manifest, visitor));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void visit(DeploymentRecord deployment, Consumer<Digest> visitor) {
    if (deployment.state() != DeploymentState.UPLOADING
        && deployment.purge() == DeploymentRecord.Purge.NONE) {
      if (!visitSealed(deployment, visitor) && !visitAnew(deployment, visitor)) {
        // Collecting while a manifest cannot be found would delete what it names.
        throw new IllegalStateException(
            "The manifest of deployment "
                + deployment.id()
                + " of "
                + deployment.site()
                + " is missing.");
      }
    }
    if (deployment.uploadUntil() != null) {
      visitPending(deployment, visitor);
    }
  }

  private boolean visitSealed(DeploymentRecord deployment, Consumer<Digest> visitor) {
    try {
      return visitAll(manifests.openSealed(deployment), visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A pending manifest that is gone was sealed or given up meanwhile; its blobs have just been
   * touched, or do not matter.
   */
  private void visitPending(DeploymentRecord deployment, Consumer<Digest> visitor) {
    try {
      if (!visitAll(manifests.openPending(deployment), visitor)) {
        visitAnew(deployment, visitor);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean visitAll(Optional<StoredManifest> opened, Consumer<Digest> visitor)
      throws IOException {
    if (opened.isEmpty()) {
      return false;
    }
    try (StoredManifest manifest = opened.get()) {
      visitAll(manifest, visitor);
    }
    return true;
  }

  private static void visitAll(StoredManifest manifest, Consumer<Digest> visitor) {
    try {
      for (ManifestFile file = manifest.next(); file != null; file = manifest.next()) {
        visitor.accept(new Digest(file.sha256()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The manifest may have been purged meanwhile, or replaced by that of another publication. */
  private boolean visitAnew(DeploymentRecord before, Consumer<Digest> visitor) {
    Optional<DeploymentRecord> now = table.get(before.site(), before.id(), clock.instant());
    return now.isEmpty()
        || now.get().manifest() == null
        || now.get().purge() != DeploymentRecord.Purge.NONE
        || visitSealed(now.get(), visitor);
  }
}
