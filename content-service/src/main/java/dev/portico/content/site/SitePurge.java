package dev.portico.content.site;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.policy.PolicyUses;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes deleted sites for good when they can no longer be restored: once an hour, by one copy at
 * a time, or when somebody asks for the name. A purge first makes the site unrestorable, so that it
 * may die anywhere and be repeated.
 */
@Singleton
class SitePurge {
  private static final Logger LOG = LoggerFactory.getLogger(SitePurge.class);
  private static final String SCHEDULE = "DELETED-SITES";
  private static final String PURGING = "purging";
  private static final Duration LEASE = Duration.ofMinutes(10);

  /** Of one site; renewed before each batch of deletions. */
  private static final Duration SITE_LEASE = Duration.ofMinutes(1);

  private static final int BATCH = 100;

  private final Table table;
  private final ChangeFeed feed;
  private final Leases leases;
  private final List<PurgeParticipant> participants;
  private final PolicyUses policies;
  private final Clock clock;

  SitePurge(
      Table table,
      ChangeFeed feed,
      Leases leases,
      List<PurgeParticipant> participants,
      PolicyUses policies,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.leases = leases;
    this.participants = participants;
    this.policies = policies;
    this.clock = clock;
  }

  /** Notes when the site is to be purged. */
  Write schedule(String site, Instant purgeAt) {
    return Write.put(Item.at(scheduleKey(site, purgeAt)).with("site", site));
  }

  /** Takes the note back. */
  Write unschedule(String site, Instant purgeAt) {
    return Write.delete(scheduleKey(site, purgeAt));
  }

  /** Whether the site can no longer be restored. */
  static boolean due(Item site, Instant now) {
    return site.optionalInstant("purgeAt").filter(time -> !time.isAfter(now)).isPresent();
  }

  /** The last version of a purged site of this name: versions grow, whoever the owner is. */
  long lastVersion(String site) {
    return table.get(tombstone(site)).map(item -> item.number("version")).orElse(0L);
  }

  /**
   * Purges this site now, if its time has come.
   *
   * @throws Problem 503 while somebody else is at it
   */
  void purgeIfDue(String site) {
    Optional<Item> item = table.get(SiteAccess.siteKey(site));
    if (item.isPresent()
        && due(item.get(), clock.instant())
        && !purge(site, item.get().instant("purgeAt"))) {
      throw Problem.of(
              503, "purging", "Try again", "The deleted site of this name is being removed.")
          .retryAfter(Duration.ofSeconds(5));
    }
  }

  /** Purges all whose time has come. */
  @Scheduled(fixedDelay = "1h", initialDelay = "2m", scheduler = TaskExecutors.SCHEDULED)
  void purgeDue() {
    try {
      leases.run("site-purge", LEASE, lease -> purgeAll());
    } catch (RuntimeException e) {
      LOG.error("deleted sites cannot be purged now", e);
    }
  }

  private void purgeAll() {
    String now = sortKey(clock.instant());
    table.stream(Query.of(SCHEDULE).between(null, now))
        .forEach(
            item -> {
              String site = item.string("site");
              Optional<Item> current = table.get(SiteAccess.siteKey(site));
              Instant purgeAt =
                  Instant.ofEpochMilli(Long.parseLong(item.key().sk().split("#", 2)[0]));
              if (current.isPresent() && due(current.get(), clock.instant())) {
                purgeLater(site, purgeAt);
              } else {
                table.write(Write.delete(item.key()));
              }
            });
  }

  private void purgeLater(String site, Instant purgeAt) {
    try {
      purge(site, purgeAt);
    } catch (RuntimeException e) {
      // One site that cannot be purged must not keep the others from it.
      LOG.error("the purge of site {} failed and will be tried again", site, e);
    }
  }

  /** False when another is purging it. */
  private boolean purge(String site, Instant purgeAt) {
    return leases.run("site-purge/" + site, SITE_LEASE, lease -> purge(site, purgeAt, lease));
  }

  /**
   * Fails unless the site is still being purged, for the same deletion, and by this holder. A purge
   * that slept must not take from whoever has the name now.
   */
  private void requireStill(String site, Instant purgeAt, Lease lease) {
    boolean same =
        table
            .get(SiteAccess.siteKey(site))
            .filter(item -> item.string("state").equals(PURGING))
            .filter(item -> item.instant("purgeAt").equals(purgeAt))
            .isPresent();
    if (!same || leases.renew(lease, SITE_LEASE).isEmpty()) {
      throw Problem.busy();
    }
  }

  private void purge(String site, Instant purgeAt, Lease lease) {
    Runnable still = () -> requireStill(site, purgeAt, lease);
    Key key = SiteAccess.siteKey(site);
    Condition due =
        Condition.and(
            Condition.or(Condition.equal("state", Site.DELETED), Condition.equal("state", PURGING)),
            Condition.equal("purgeAt", purgeAt));
    if (!table.write(Write.update(key).set("state", PURGING).when(due)).written()) {
      return;
    }
    LOG.info("purging site {}", site);
    participants.forEach(participant -> participant.purge(site, still));
    still.run();
    table.get(key).ifPresent(item -> policies.purge(site, item));
    table.stream(Query.of(key.pk()).prefix("HOST#"))
        .map(item -> Hosts.hostKey(item.key().sk().substring("HOST#".length())))
        .forEach(
            host -> {
              still.run();
              table.write(Write.delete(host).when(Condition.equal("site", site)));
            });
    deleteAll(Query.of(AuditLog.partition(site)), key, still);
    deleteAll(Query.of(SettingsHistory.partition(site)), key, still);
    deleteAll(Query.of(key.pk()), key, still);
    long version = table.get(key).map(item -> item.number("version")).orElse(0L);
    Outcome outcome =
        feed.commitEvenFrozen(
            site,
            List.of(
                Write.delete(key).when(due),
                lease.check(),
                Write.delete(new Key(Sites.LIST, site)),
                unschedule(site, purgeAt),
                Write.put(Item.at(tombstone(site)).with("version", version + 1))));
    LOG.info("site {} is {}", site, outcome.written() ? "purged" : "purged by another");
  }

  private void deleteAll(Query query, Key but, Runnable still) {
    List<Write> deletes =
        table.stream(query)
            .map(Item::key)
            .filter(found -> !found.equals(but))
            .<Write>map(Write::delete)
            .toList();
    for (int from = 0; from < deletes.size(); from += BATCH) {
      still.run();
      table.writeAll(deletes.subList(from, Math.min(deletes.size(), from + BATCH)));
    }
  }

  private static Key scheduleKey(String site, Instant purgeAt) {
    return new Key(SCHEDULE, sortKey(purgeAt) + "#" + site);
  }

  private static String sortKey(Instant time) {
    return "%015d".formatted(time.toEpochMilli());
  }

  private static Key tombstone(String site) {
    return new Key("PURGED#" + site, "PURGED");
  }
}
