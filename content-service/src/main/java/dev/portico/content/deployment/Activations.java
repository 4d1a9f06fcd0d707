package dev.portico.content.deployment;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.policy.PolicyUses;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.site.EarlierDeployments;
import dev.portico.content.site.GradualRelease;
import dev.portico.content.site.SettingsFiles;
import dev.portico.content.site.SiteLocks;
import dev.portico.content.site.Sites;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Points a site at its deployments. Each activation is one transaction: the site's pointer under
 * its version, the history, the change feed, the audit log, and a check that the deployment is
 * sealed, so that no order of concurrent activations, deletions and crashes leaves a site without
 * its files.
 */
@Singleton
class Activations {
  private static final String VERSION = "version";
  private static final String DEPLOYMENT = "deployment";
  private static final String RESTORES = "restores";

  private final Table table;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final SealedDeployments sealed;
  private final Sites sites;
  private final Releases releases;
  private final SettingsFiles settings;
  private final Clock clock;

  Activations(
      Table table,
      ChangeFeed feed,
      AuditLog audit,
      SealedDeployments sealed,
      Sites sites,
      Releases releases,
      SettingsFiles settings,
      Clock clock) {
    this.table = table;
    this.sites = sites;
    this.releases = releases;
    this.settings = settings;
    this.feed = feed;
    this.audit = audit;
    this.sealed = sealed;
    this.clock = clock;
  }

  /**
   * Makes a deployment the live one, for all viewers: a gradual release is over with it. Activating
   * what all have changes nothing.
   *
   * @param expected the version that the site must have; null: any
   * @return the site's version
   * @throws Problem 404 or 410 when there is no such sealed deployment, 409 when it is still
   *     uploading, the site is locked or its settings do not go with the deployment's, 412 when the
   *     site has another version, 423 while publishing is frozen
   */
  long activate(Caller caller, String site, String id, @Nullable Long expected) {
    sealed.require(site, id);
    Retries retries = new Retries();
    while (true) {
      Item current = sites.active(site, expected);
      if (current.optionalString(DEPLOYMENT).filter(id::equals).isPresent()
          && GradualRelease.deployment(current).isEmpty()) {
        return current.number(VERSION);
      }
      SiteLocks.requireUnlocked(current);
      Optional<Long> version = attempt(caller, current, site, id, null);
      if (version.isPresent()) {
        return version.get();
      }
      retries.pause();
    }
  }

  /**
   * What a rollback came to.
   *
   * @param deployment what is live now
   * @param version the site's version
   */
  record RolledBack(String deployment, long version) {}

  /**
   * Makes the deployment live that was live before. After a rollback this goes on from there: two
   * in a row go back by two. While a gradual release is under way, what was before is the live one
   * for all viewers.
   *
   * @throws Problem 409 when there is nothing before or the site is locked, 412 when the site has
   *     another version
   */
  RolledBack rollBack(Caller caller, String site, @Nullable Long expected) {
    Retries retries = new Retries();
    while (true) {
      Item current = sites.active(site, expected);
      SiteLocks.requireUnlocked(current);
      Optional<RolledBack> done =
          GradualRelease.deployment(current).isPresent()
              ? releases
                  .end(caller, current, site)
                  .map(version -> new RolledBack(current.string(DEPLOYMENT), version))
              : rollBack(caller, current, site);
      if (done.isPresent()) {
        return done.get();
      }
      retries.pause();
    }
  }

  private Optional<RolledBack> rollBack(Caller caller, Item site, String name) {
    Activation target =
        previous(name, site)
            .orElseThrow(
                () ->
                    Problem.conflict(
                        "nothing-before",
                        "No deployment that was live before and still exists is known."));
    return attempt(caller, site, name, target.deployment(), target.origin())
        .map(version -> new RolledBack(target.deployment(), version));
  }

  /** The deployments that were activated, the latest first; lazily. */
  Stream<String> newestFirst(String site) {
    return history(site).map(Activation::deployment);
  }

  /**
   * One entry of the history.
   *
   * @param version the site's version that it made
   * @param restores for a rollback, the version of the entry that it went back to
   */
  private record Activation(long version, String deployment, @Nullable Long restores) {
    static Activation of(Item item) {
      return new Activation(
          item.number(VERSION),
          item.string(DEPLOYMENT),
          item.has(RESTORES) ? item.number(RESTORES) : null);
    }

    /** Where in the history it really belongs. */
    long origin() {
      return restores == null ? version : restores;
    }
  }

  private Optional<Activation> previous(String site, Item current) {
    String live = current.optionalString(DEPLOYMENT).orElse("");
    long[] before = {Long.MAX_VALUE};
    return history(site)
        .filter(
            entry -> {
              if (before[0] == Long.MAX_VALUE) {
                before[0] = entry.origin();
                return false;
              }
              return entry.version() < before[0]
                  && !entry.deployment().equals(live)
                  && sealed.has(site, entry.deployment());
            })
        .findFirst();
  }

  private Stream<Activation> history(String site) {
    return table.stream(Query.of(partition(site)).backward().limit(50)).map(Activation::of);
  }

  /** Empty when the site changed in the meantime. */
  private Optional<Long> attempt(
      Caller caller, Item site, String name, String id, @Nullable Long restores) {
    Set<String> owned = settings.require(site, id, SettingsContext.PRODUCTION);
    long version = site.number(VERSION);
    Item entry =
        Item.at(partition(name), "%012d".formatted(version + 1))
            .with(VERSION, version + 1)
            .with(DEPLOYMENT, id)
            .with("at", clock.instant())
            .with("by", caller.id());
    Key deployment = DeploymentRecord.key(name, id);
    PolicyUses.Changed uses =
        settings.activated(
            EarlierDeployments.activated(
                GradualRelease.ended(sites.change(name, version).set(DEPLOYMENT, id)),
                site,
                id,
                clock.instant()),
            site,
            id);
    List<Write> writes = new ArrayList<>();
    writes.add(uses.change());
    writes.add(Write.put(restores == null ? entry : entry.with(RESTORES, restores)));
    writes.add(Write.check(deployment, DeploymentTable.isSealed()));
    writes.add(
        audit.entry(
            caller,
            name,
            restores == null ? "deployment.activate" : "site.rollback",
            owned.isEmpty()
                ? Map.of(DEPLOYMENT, id)
                : Map.of(DEPLOYMENT, id, "settings", String.join(", ", owned))));
    writes.addAll(uses.others());
    // Who froze publishing wants no more changes; to take one back is none.
    Outcome outcome =
        restores == null ? feed.commit(name, writes) : feed.commitEvenFrozen(name, writes);
    if (outcome.written()) {
      return Optional.of(version + 1);
    }
    if (outcome.failure(deployment).isPresent()) {
      sealed.require(name, id);
    }
    return Optional.empty();
  }

  /** That the site is as it was read: neither changed nor deleted. */
  static Condition atVersion(long version) {
    return Condition.and(Condition.equal(VERSION, version), Condition.equal("state", "active"));
  }

  static String partition(String site) {
    return "SITE#" + site + "#ACTIVATIONS";
  }
}
