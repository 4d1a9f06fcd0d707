package dev.portico.content.deployment;

import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.SettingsFiles;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what has become too old, in one copy of the service at a time: unfinished uploads,
 * deployments that {@link RetentionPolicy} lets go, and the manifests of those deleted longer ago
 * than the grace period.
 */
@Singleton
class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final String LEASE = "retention";
  private static final Duration LEASE_LENGTH = Duration.ofMinutes(2);

  /** Tombstones made in one transaction. */
  private static final int BATCH = 50;

  private final SiteNames sites;
  private final Table table;
  private final Leases leases;
  private final DeploymentTable deployments;
  private final ManifestStore manifests;
  private final Activations activations;
  private final Deletion deletion;
  private final DeploymentSettings settings;
  private final Clock clock;

  Retention(
      SiteNames sites,
      Table table,
      Leases leases,
      DeploymentTable deployments,
      ManifestStore manifests,
      Activations activations,
      Deletion deletion,
      DeploymentSettings settings,
      Clock clock) {
    this.sites = sites;
    this.table = table;
    this.leases = leases;
    this.deployments = deployments;
    this.manifests = manifests;
    this.activations = activations;
    this.deletion = deletion;
    this.settings = settings;
    this.clock = clock;
  }

  /** Looks at all sites, unless another copy is at it. */
  @Scheduled(
      fixedDelay = "${portico.deployment.retention-interval:1h}",
      initialDelay = "${portico.deployment.retention-interval:1h}")
  void run() {
    Optional<Lease> lease = leases.acquire(LEASE, LEASE_LENGTH);
    if (lease.isEmpty()) {
      return;
    }
    try (Stream<String> names = sites.all()) {
      for (String site : (Iterable<String>) names::iterator) {
        lease = leases.renew(lease.get(), LEASE_LENGTH);
        if (lease.isEmpty()) {
          LOG.warn("another copy has taken over retention");
          return;
        }
        tidy(site, lease.get());
      }
    } finally {
      lease.ifPresent(leases::release);
    }
  }

  private void tidy(String site, Lease lease) {
    try {
      table.get(SiteAccess.siteKey(site)).ifPresent(item -> tidy(item, site, lease));
    } catch (RuntimeException e) {
      // One site that cannot be tidied must not keep the others from it.
      LOG.error("retention of site {} failed and will be tried again", site, e);
    }
  }

  private void tidy(Item site, String name, Lease lease) {
    Instant now = clock.instant();
    RetentionPolicy policy = policy(site, name);
    boolean active = site.string("state").equals("active");
    List<DeploymentRecord> old = new ArrayList<>();
    try (Stream<DeploymentRecord> all = deployments.all(name)) {
      all.forEach(
          record -> {
            if (record.uploadUntil() != null && !record.uploading(now)) {
              deletion.giveUp(record);
            } else if (active && policy.lets(record, now)) {
              old.add(record);
            } else if (purgeable(record, now)) {
              purge(record);
            }
          });
    }
    for (int from = 0; from < old.size(); from += BATCH) {
      List<DeploymentRecord> batch = old.subList(from, Math.min(old.size(), from + BATCH));
      if (!deletion.retire(site, name, batch, lease.check())) {
        return;
      }
      LOG.info("site {}: {} deployments were kept long enough", name, batch.size());
    }
  }

  private RetentionPolicy policy(Item site, String name) {
    try (Stream<String> activated = activations.newestFirst(name)) {
      return RetentionPolicy.of(
          deletion.used(site, name), activated, settings.keepActivated(), settings.keepPreviews());
    }
  }

  private boolean purgeable(DeploymentRecord record, Instant now) {
    Instant deletedAt = record.deletedAt();
    return record.state() == DeploymentState.DELETED
        && record.purge() != DeploymentRecord.Purge.DONE
        && record.uploadUntil() == null
        && deletedAt != null
        && deletedAt.plus(settings.tombstoneGrace()).isBefore(now);
  }

  /**
   * First the record says that the manifest goes, then it goes: a publication of the same content
   * at the same time sees one or the other and writes the manifest anew or waits.
   */
  private void purge(DeploymentRecord tombstone) {
    if (tombstone.purge() == DeploymentRecord.Purge.BEGUN
        || deployments.purge(tombstone, DeploymentRecord.Purge.BEGUN)) {
      manifests.deleteSealed(tombstone);
      // Together: another copy may have come first, and the deployment been published again.
      deployments.purge(
          tombstone.purging(),
          DeploymentRecord.Purge.DONE,
          Write.delete(SettingsFiles.key(tombstone.site(), tombstone.id())));
    }
  }
}
