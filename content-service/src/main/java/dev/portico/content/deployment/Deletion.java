package dev.portico.content.deployment;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.EarlierDeployments;
import dev.portico.content.site.GradualRelease;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns deployments into tombstones. Only under the site's version at which they were neither live
 * nor aliased: whoever activates one at the same time either comes first, and it stays, or finds it
 * deleted.
 */
@Singleton
class Deletion {
  private final Table table;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final DeploymentTable deployments;
  private final ManifestStore manifests;
  private final Aliases aliases;
  private final Clock clock;

  Deletion(
      Table table,
      ChangeFeed feed,
      AuditLog audit,
      DeploymentTable deployments,
      ManifestStore manifests,
      Aliases aliases,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.audit = audit;
    this.deployments = deployments;
    this.manifests = manifests;
    this.aliases = aliases;
    this.clock = clock;
  }

  /**
   * Deletes a deployment, or gives up its upload. Deleting a deleted one changes nothing.
   *
   * @throws Problem 404 when there is none, 409 when viewers have it or it is aliased
   */
  void delete(Caller caller, String site, String id) {
    Retries retries = new Retries();
    while (true) {
      Instant now = clock.instant();
      DeploymentRecord record =
          deployments
              .get(site, id, now)
              .orElseThrow(() -> Problem.notFound("The deployment " + id));
      if (record.state() != DeploymentState.SEALED) {
        giveUp(record);
        return;
      }
      Item current = site(site);
      requireUnused(current, site, id);
      List<Write> writes =
          List.of(
              deployments.tombstone(record, now),
              unchanged(current),
              audit.entry(caller, site, "deployment.delete", Map.of("deployment", id)));
      if (feed.commit(site, writes).written()) {
        return;
      }
      retries.pause();
    }
  }

  /**
   * Deletes what has become too old, in one transaction.
   *
   * @param current the site as it was when these were chosen
   * @param more writes to go with it
   * @return false when the site has changed since
   */
  boolean retire(Item current, String site, Collection<DeploymentRecord> old, Write more) {
    Instant now = clock.instant();
    List<Write> writes = new ArrayList<>();
    old.forEach(record -> writes.add(deployments.tombstone(record, now)));
    writes.add(unchanged(current));
    writes.add(more);
    writes.add(
        audit.entry(
            site,
            "deployment.retire",
            Map.of(
                "deployments", String.join(" ", old.stream().map(DeploymentRecord::id).toList()))));
    return feed.commitEvenFrozen(site, writes).written();
  }

  /**
   * The ids that may not be retired now. Those that were live lately are among them, since open
   * pages ask for their files; by hand they can be deleted.
   */
  Set<String> used(Item site, String name) {
    Set<String> used = new HashSet<>(aliases.byDeployment(name).keySet());
    site.optionalString("deployment").ifPresent(used::add);
    GradualRelease.deployment(site).ifPresent(used::add);
    used.addAll(EarlierDeployments.lately(site, clock.instant()));
    return used;
  }

  /** Forgets an upload under way. */
  void giveUp(DeploymentRecord record) {
    if (record.uploadUntil() != null) {
      // Refused: it has been sealed, or somebody goes on with it.
      if (deployments.forgetUpload(record)) {
        manifests.deletePending(record);
      }
    }
  }

  private void requireUnused(Item current, String site, String id) {
    if (current.optionalString("deployment").filter(id::equals).isPresent()) {
      throw Problem.conflict(
          "active", "The deployment " + id + " is live. Activate another first.");
    }
    if (GradualRelease.deployment(current).filter(id::equals).isPresent()) {
      throw Problem.conflict(
          "active", "A share of the viewers has the deployment " + id + ". End its release first.");
    }
    List<String> names = Optional.ofNullable(aliases.byDeployment(site).get(id)).orElse(List.of());
    if (!names.isEmpty()) {
      throw Problem.conflict(
          "aliased",
          "The deployment "
              + id
              + " has aliases: "
              + String.join(", ", names)
              + ". Move or delete them first.");
    }
  }

  private static Write unchanged(Item site) {
    return Write.check(site.key(), Activations.atVersion(site.number("version")));
  }

  private Item site(String name) {
    return table
        .get(SiteAccess.siteKey(name))
        .orElseThrow(() -> Problem.notFound("The site " + name));
  }
}
