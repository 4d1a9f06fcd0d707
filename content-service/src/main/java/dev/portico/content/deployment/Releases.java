package dev.portico.content.deployment;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.site.EarlierDeployments;
import dev.portico.content.site.GradualRelease;
import dev.portico.content.site.SettingsFiles;
import dev.portico.content.site.SiteLocks;
import dev.portico.content.site.Sites;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives deployments to a share of a site's viewers before all get them. */
@Singleton
class Releases {
  private static final String VERSION = "version";
  private static final String DEPLOYMENT = "deployment";

  private final ChangeFeed feed;
  private final AuditLog audit;
  private final SealedDeployments sealed;
  private final Sites sites;
  private final SettingsFiles settings;
  private final Clock clock;

  Releases(
      ChangeFeed feed,
      AuditLog audit,
      SealedDeployments sealed,
      Sites sites,
      SettingsFiles settings,
      Clock clock) {
    this.feed = feed;
    this.audit = audit;
    this.sealed = sealed;
    this.sites = sites;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Lets a share of the viewers have another deployment than the live one.
   *
   * @param percent of the viewers, 1 to 99
   * @param bound when it is rolled back by itself; null: never
   * @param expected the version that the site must have; null: any
   * @return the site's version
   * @throws Problem 404 or 410 when there is no such sealed deployment, 409 when it is still
   *     uploading, is the live one, could not be activated for its settings, nothing is live or the
   *     site is locked, 412 when the site has another version
   */
  long put(
      Caller caller,
      String site,
      String id,
      int percent,
      GradualRelease.@Nullable Bound bound,
      @Nullable Long expected) {
    sealed.require(site, id);
    Retries retries = new Retries();
    while (true) {
      Item current = sites.active(site, expected);
      SiteLocks.requireUnlocked(current);
      String live = current.optionalString(DEPLOYMENT).orElse(null);
      if (live == null || live.equals(id)) {
        throw Problem.conflict(
            live == null ? "nothing-live" : "active",
            live == null
                ? "Nothing is live yet that the other viewers could get. Activate it."
                : "All viewers have the deployment " + id + " already.");
      }
      settings.require(current, id, SettingsContext.PRODUCTION);
      long version = current.number(VERSION);
      Instant now = clock.instant();
      Write.Update change =
          GradualRelease.begun(sites.change(site, version), id, percent, bound, caller.id(), now);
      Outcome outcome =
          feed.commit(
              site,
              List.of(
                  EarlierDeployments.released(change, current, id, now),
                  Write.check(DeploymentRecord.key(site, id), DeploymentTable.isSealed()),
                  audit.entry(caller, site, "site.release", details(id, percent, bound))));
      if (outcome.written()) {
        return version + 1;
      }
      sealed.require(site, id);
      retries.pause();
    }
  }

  /**
   * Ends a gradual release: all viewers have the live deployment again.
   *
   * @param expected the version that the site must have; null: any
   * @return the site's version
   * @throws Problem 409 when a release is under way and the site is locked, 412 when the site has
   *     another version
   */
  long end(Caller caller, String site, @Nullable Long expected) {
    Retries retries = new Retries();
    while (true) {
      Item current = sites.active(site, expected);
      if (GradualRelease.deployment(current).isEmpty()) {
        return current.number(VERSION);
      }
      SiteLocks.requireUnlocked(current);
      Optional<Long> version = end(caller, current, site);
      if (version.isPresent()) {
        return version.get();
      }
      retries.pause();
    }
  }

  /** Empty when the site changed in the meantime. */
  Optional<Long> end(Caller caller, Item site, String name) {
    long version = site.number(VERSION);
    Write audited =
        audit.entry(
            caller,
            name,
            "site.release.end",
            Map.of(DEPLOYMENT, GradualRelease.deployment(site).orElse("")));
    return end(GradualRelease.ended(sites.change(name, version)), audited, site, name)
        ? Optional.of(version + 1)
        : Optional.empty();
  }

  /**
   * Ends a release by itself, since too many of its viewers' requests failed.
   *
   * @param site its item, with the release under way that was judged
   * @param reason for people
   * @return false when the site changed in the meantime
   */
  boolean rollBack(Item site, String name, String reason, ReleaseCounts counts) {
    String id = GradualRelease.deployment(site).orElse("");
    Write audited =
        audit.entry(name, "site.release.rollback", Map.of(DEPLOYMENT, id, "reason", reason));
    Write.Update change =
        GradualRelease.rolledBack(
            sites.change(name, site.number(VERSION)),
            id,
            clock.instant(),
            reason,
            counts.requests(),
            counts.errors());
    return end(change, audited, site, name);
  }

  private boolean end(Write.Update change, Write audited, Item site, String name) {
    String live = site.optionalString(DEPLOYMENT).orElse("");
    return feed.commitEvenFrozen(
            name,
            List.of(EarlierDeployments.released(change, site, live, clock.instant()), audited))
        .written();
  }

  private static Map<String, String> details(
      String id, int percent, GradualRelease.@Nullable Bound bound) {
    var details = new LinkedHashMap<String, String>();
    details.put(DEPLOYMENT, id);
    details.put("percent", Integer.toString(percent));
    if (bound != null) {
      details.put("maxErrorRate", Double.toString(bound.maxErrorRate()));
      details.put("minRequests", Integer.toString(bound.minRequests()));
    }
    return details;
  }
}
