package dev.portico.content.site;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.Action;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Members;
import dev.portico.content.member.SiteAccess;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sites in the table. Whatever changes a site goes through {@link #change}, so that its version
 * grows and gateways hear of it in the same transaction.
 */
@Singleton
public final class Sites {
  static final String LIST = "SITES";

  private final Table table;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Members members;
  private final SitePurge purge;
  private final SiteSettings settings;
  private final Clock clock;

  Sites(
      Table table,
      ChangeFeed feed,
      AuditLog audit,
      Members members,
      SitePurge purge,
      SiteSettings settings,
      Clock clock) {
    this.table = table;
    this.feed = feed;
    this.audit = audit;
    this.members = members;
    this.purge = purge;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * A change of an active site, for a transaction given to {@link ChangeFeed#commit}: its version
   * grows by one. Set further attributes on it, {@code deployment} above all.
   *
   * @param site its name
   * @param version that it must have now, null: any
   */
  public Write.Update change(String site, @Nullable Long version) {
    Condition active = Condition.equal("state", Site.ACTIVE);
    return Write.update(SiteAccess.siteKey(site))
        .add("version", 1)
        .set("updatedAt", clock.instant())
        .when(
            version == null ? active : Condition.and(active, Condition.equal("version", version)));
  }

  /**
   * Throws what a refused {@link #change} means; does nothing when it was not that which failed.
   *
   * @throws Problem 404, 409 or 412
   */
  public static void explain(Outcome outcome, String site) {
    outcome
        .failure(SiteAccess.siteKey(site))
        .ifPresent(
            failure -> {
              Item current = failure.current();
              if (current == null) {
                throw Problem.notFound("The site " + site);
              }
              if (!current.string("state").equals(Site.ACTIVE)) {
                throw Problem.conflict("site-deleted", "The site is deleted. Restore it first.");
              }
              throw Problem.preconditionFailed(
                  "The site has version " + current.number("version") + " by now.");
            });
  }

  /**
   * The item of a site that can be changed, strongly consistent.
   *
   * @param expected the version that it must have, null: any
   * @throws Problem 404 when there is none, 409 when it is deleted, 412 when it has another version
   */
  public Item active(String site, @Nullable Long expected) {
    Item item =
        table.get(SiteAccess.siteKey(site)).orElseThrow(() -> Problem.notFound("The site " + site));
    if (!item.string("state").equals(Site.ACTIVE)) {
      throw Problem.conflict("site-deleted", "The site is deleted. Restore it first.");
    }
    requireVersion(item, expected);
    return item;
  }

  /**
   * Refuses what was meant for another version of a site.
   *
   * @param site its item
   * @param expected the version that it must have, null: any
   * @throws Problem 412
   */
  public static void requireVersion(Item site, @Nullable Long expected) {
    if (expected != null && expected != site.number("version")) {
      throw Problem.preconditionFailed(
          "The site has version " + site.number("version") + ", not " + expected + ".");
    }
  }

  /** The site, strongly consistent. */
  public Optional<Site> find(String site) {
    return table.get(SiteAccess.siteKey(site)).map(this::show);
  }

  /** A site's item as shown. */
  public Site show(Item item) {
    return Site.of(item, settings);
  }

  Site create(Caller caller, Site.Creation creation) {
    if (!caller.mayCreateSites()) {
      throw Problem.forbidden("Only members of the groups admins and publishers create sites.");
    }
    String name = creation.name();
    SiteName.check(name);
    purge.purgeIfDue(name);
    Instant now = clock.instant();
    String title = creation.title() == null || creation.title().isBlank() ? name : creation.title();
    Item item =
        Members.countOwners(
            Item.at(SiteAccess.siteKey(name))
                .with("title", title)
                .with("state", Site.ACTIVE)
                .with("version", purge.lastVersion(name) + 1)
                .with(Settings.IMMUTABLE_ASSETS, true)
                .with("createdAt", now)
                .with("createdBy", caller.id())
                .with("updatedAt", now));
    Outcome outcome =
        feed.commit(
            name,
            List.of(
                Write.create(item),
                Write.put(Item.at(LIST, name)),
                members.firstOwner(caller, name),
                audit.entry(caller, name, "site.create", Map.of("title", title))));
    if (!outcome.written()) {
      throw Problem.conflict("site-exists", "There is, or lately was, a site of this name.")
          .field("name", "is taken");
    }
    return show(item);
  }

  Site.SitePage list(Caller caller, int limit, @Nullable String cursor) {
    if (caller instanceof Caller.DeployToken token) {
      List<String> readable =
          token.actions().contains(Action.READ) ? List.of(token.site()) : List.of();
      return new Site.SitePage(read(readable), null);
    }
    if (caller.admin()) {
      Page page = table.query(Query.of(LIST).limit(limit).after(cursor));
      return new Site.SitePage(
          read(page.items().stream().map(item -> item.key().sk()).toList()), page.next());
    }
    Page page = members.sitesOf(caller.id(), limit, cursor);
    return new Site.SitePage(read(page.items().stream().map(Members::site).toList()), page.next());
  }

  Site patch(Caller caller, String site, @Nullable Long version, Site.Patch patch) {
    Write.Update change = change(site, version);
    var details = new java.util.LinkedHashMap<String, String>();
    if (patch.title() != null) {
      change = change.set("title", patch.title());
      details.put("title", patch.title());
    }
    return commit(site, List.of(change, audit.entry(caller, site, "site.update", details)));
  }

  /**
   * Writes a {@link #change} and what goes with it.
   *
   * @return the site as it is then
   * @throws Problem 404, 409 or 412 as {@link #explain} has it
   */
  Site commit(String site, List<Write> writes) {
    return committed(site, feed.commit(site, writes));
  }

  /** The same, possible while publishing is frozen, too. */
  Site commitEvenFrozen(String site, List<Write> writes) {
    return committed(site, feed.commitEvenFrozen(site, writes));
  }

  private Site committed(String site, Outcome outcome) {
    explain(outcome, site);
    return find(site).orElseThrow(() -> Problem.notFound("The site " + site));
  }

  void delete(Caller caller, String site, @Nullable Long version) {
    Instant purgeAt = clock.instant().plus(settings.restorable());
    var writes = new ArrayList<Write>();
    writes.add(change(site, version).set("state", Site.DELETED).set("purgeAt", purgeAt));
    writes.add(purge.schedule(site, purgeAt));
    writes.add(audit.entry(caller, site, "site.delete", Map.of()));
    Outcome outcome = feed.commit(site, writes);
    boolean already =
        outcome
            .failure(SiteAccess.siteKey(site))
            .map(Outcome.Failure::current)
            .filter(current -> current.string("state").equals(Site.DELETED))
            .isPresent();
    if (!already) {
      explain(outcome, site);
    }
  }

  /** Makes a deleted site what it was; by admins while publishing is frozen, too. */
  Site restore(Caller caller, Item deleted) {
    String site = Site.name(deleted);
    if (deleted.string("state").equals(Site.ACTIVE)) {
      return show(deleted);
    }
    Instant purgeAt = deleted.instant("purgeAt");
    List<Write> writes =
        List.of(
            Write.update(deleted.key())
                .add("version", 1)
                .set("updatedAt", clock.instant())
                .set("state", Site.ACTIVE)
                .remove("purgeAt")
                .when(
                    Condition.and(
                        Condition.equal("state", Site.DELETED),
                        Condition.equal("purgeAt", purgeAt))),
            purge.unschedule(site, purgeAt),
            audit.entry(caller, site, "site.restore", Map.of()));
    // Else its purge, which no freeze holds up, could be what ends an incident.
    Outcome outcome =
        caller.admin() ? feed.commitEvenFrozen(site, writes) : feed.commit(site, writes);
    if (!outcome.written()) {
      throw Problem.conflict("site-changed", "The site changed in the meantime. Try again.");
    }
    return find(site).orElseThrow(() -> Problem.notFound("The site " + site));
  }

  private List<Site> read(List<String> names) {
    List<Key> keys = names.stream().map(SiteAccess::siteKey).toList();
    Map<Key, Item> found = table.getAll(keys);
    Instant now = clock.instant();
    return keys.stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .filter(item -> !SitePurge.due(item, now))
        .map(this::show)
        .toList();
  }
}
