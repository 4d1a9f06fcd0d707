package dev.portico.content.site;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.SiteAccess;
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

  private final Table table;
  private final ChangeFeed feed;
  private final Leases leases;
  private final List<PurgeParticipant> participants;
  private final Clock clock;

  SitePurge(
      Table table,
      ChangeFeed feed,
      Leases leases,
      List<PurgeParticipant> participants,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.leases = leases;
    this.participants = participants;
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

  /** Purges this site now, if its time has come. */
  void purgeIfDue(String site) {
    Optional<Item> item = table.get(SiteAccess.siteKey(site));
    if (item.isPresent() && due(item.get(), clock.instant())) {
      purge(site, item.get().instant("purgeAt"));
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
                purge(site, purgeAt);
              } else {
                table.write(Write.delete(item.key()));
              }
            });
  }

  private void purge(String site, Instant purgeAt) {
    Key key = SiteAccess.siteKey(site);
    Condition due =
        Condition.and(
            Condition.or(Condition.equal("state", Site.DELETED), Condition.equal("state", PURGING)),
            Condition.equal("purgeAt", purgeAt));
    if (!table.write(Write.update(key).set("state", PURGING).when(due)).written()) {
      return;
    }
    LOG.info("purging site {}", site);
    participants.forEach(participant -> participant.purge(site));
    table.stream(Query.of(key.pk()).prefix("HOST#"))
        .map(item -> Hosts.hostKey(item.key().sk().substring("HOST#".length())))
        .forEach(host -> table.write(Write.delete(host).when(Condition.equal("site", site))));
    deleteAll(Query.of(AuditLog.partition(site)), key);
    deleteAll(Query.of(key.pk()), key);
    long version = table.get(key).map(item -> item.number("version")).orElse(0L);
    Outcome outcome =
        feed.commit(
            site,
            List.of(
                Write.delete(key).when(Condition.equal("state", PURGING)),
                Write.delete(new Key(Sites.LIST, site)),
                unschedule(site, purgeAt),
                Write.put(Item.at(tombstone(site)).with("version", version + 1))));
    LOG.info("site {} is {}", site, outcome.written() ? "purged" : "purged by another");
  }

  private void deleteAll(Query query, Key but) {
    List<Write> deletes =
        table.stream(query)
            .map(Item::key)
            .filter(found -> !found.equals(but))
            .<Write>map(Write::delete)
            .toList();
    table.writeAll(deletes);
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
