package dev.portico.content.deployment;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.conditional.IfMatch;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.site.SettingsFiles;
import dev.portico.content.site.Sites;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names that move from deployment to deployment, such as of branches. Every move is in the site's
 * version and in the feed.
 */
@Singleton
class Aliases {
  private static final String PREFIX = "ALIAS#";

  /** Gateways hold all of a site's aliases in memory. */
  private static final int MOST = 1000;

  private final Table table;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final SealedDeployments sealed;
  private final Sites sites;
  private final SettingsFiles settings;
  private final Clock clock;

  Aliases(
      Table table,
      ChangeFeed feed,
      AuditLog audit,
      SealedDeployments sealed,
      Sites sites,
      SettingsFiles settings,
      Clock clock) {
    this.table = table;
    this.sites = sites;
    this.settings = settings;
    this.feed = feed;
    this.audit = audit;
    this.sealed = sealed;
    this.clock = clock;
  }

  /**
   * An alias as stored.
   *
   * @param name its name
   * @param deployment what it points to
   * @param at when it was set
   * @param by who set it
   */
  record Alias(String name, String deployment, Instant at, String by) {
    /** Its ETag. */
    String tag() {
      return EntityTag.of(deployment, Long.toString(at.toEpochMilli()));
    }

    static Alias of(Item item) {
      return new Alias(
          item.key().sk().substring(PREFIX.length()),
          item.string("deployment"),
          item.instant("at"),
          item.string("by"));
    }
  }

  /**
   * A page of aliases.
   *
   * @param items by name
   * @param next cursor of the page after, null when this is the last
   */
  record AliasesPage(List<Alias> items, @Nullable String next) {}

  /**
   * A page of a site's aliases, by name.
   *
   * @param limit most of them, from 1
   * @param cursor of the page before; null: from the first
   * @throws Problem 400 when the cursor is not one of this list
   */
  AliasesPage page(String site, int limit, @Nullable String cursor) {
    Page page = table.query(Query.of("SITE#" + site).prefix(PREFIX).limit(limit).after(cursor));
    return new AliasesPage(page.items().stream().map(Alias::of).toList(), page.next());
  }

  /** All of a site's aliases, by name. */
  private List<Alias> of(String site) {
    return table.stream(Query.of("SITE#" + site).prefix(PREFIX)).map(Alias::of).toList();
  }

  /**
   * One alias.
   *
   * @throws Problem 404 when there is none of this name
   */
  Alias get(String site, String alias) {
    return find(site, alias).orElseThrow(() -> Problem.notFound("The alias " + alias));
  }

  /** One alias, if there is one of this name. */
  Optional<Alias> find(String site, String alias) {
    return table.get(key(site, alias)).map(Alias::of);
  }

  /** The names that point to each deployment. */
  Map<String, List<String>> byDeployment(String site) {
    Map<String, List<String>> names = new TreeMap<>();
    of(site)
        .forEach(
            alias ->
                names
                    .computeIfAbsent(alias.deployment(), id -> new ArrayList<>())
                    .add(alias.name()));
    return names;
  }

  /**
   * What pointing an alias led to.
   *
   * @param alias as it is now
   * @param created whether it is new
   */
  record Pointed(Alias alias, boolean created) {}

  /**
   * Refuses an alias for a deployment that it could not point to now, before something else is done
   * that is of no use without it.
   *
   * @throws Problem as {@link #put}
   */
  void require(String site, String alias, String id) {
    AliasName.checked(alias);
    sealed.require(site, id);
    if (table.get(key(site, alias)).isEmpty()) {
      requireRoom(site);
    }
    settings.require(site(site), id, SettingsContext.alias(alias));
  }

  private void requireRoom(String site) {
    if (of(site).size() >= MOST) {
      throw Problem.conflict(
          "too-many-aliases", "A site has at most " + MOST + " aliases. Delete some.");
    }
  }

  /**
   * Points an alias to a deployment.
   *
   * @param ifMatch what it must be now
   * @throws Problem 404, 409 or 410 when there is no such sealed deployment, 409 when its settings
   *     for this alias do not go with the site's
   */
  Pointed put(Caller caller, String site, String alias, String id, IfMatch ifMatch) {
    AliasName.checked(alias);
    sealed.require(site, id);
    Key key = key(site, alias);
    Retries retries = new Retries();
    while (true) {
      Item current = site(site);
      Optional<Alias> before = table.get(key).map(Alias::of);
      ifMatch.require(before.map(Alias::tag).orElse(null));
      if (before.isPresent() && before.get().deployment().equals(id)) {
        return new Pointed(before.get(), false);
      }
      if (before.isEmpty()) {
        requireRoom(site);
      }
      settings.require(current, id, SettingsContext.alias(alias));
      Item item =
          Item.at(key).with("deployment", id).with("at", clock.instant()).with("by", caller.id());
      Outcome outcome =
          feed.commit(
              site,
              List.of(
                  sites.change(site, current.number("version")),
                  Write.put(item),
                  Write.check(DeploymentRecord.key(site, id), DeploymentTable.isSealed()),
                  audit.entry(
                      caller, site, "alias.put", Map.of("alias", alias, "deployment", id))));
      if (outcome.written()) {
        return new Pointed(Alias.of(item), before.isEmpty());
      }
      sealed.require(site, id);
      retries.pause();
    }
  }

  /**
   * Removes an alias; its deployment stays.
   *
   * @param ifMatch what it must be now
   * @throws Problem 404 when there is none of this name
   */
  void delete(Caller caller, String site, String alias, IfMatch ifMatch) {
    Key key = key(site, alias);
    Retries retries = new Retries();
    while (true) {
      Item current = site(site);
      ifMatch.require(get(site, alias).tag());
      Outcome outcome =
          feed.commit(
              site,
              List.of(
                  sites.change(site, current.number("version")),
                  Write.delete(key),
                  audit.entry(caller, site, "alias.delete", Map.of("alias", alias))));
      if (outcome.written()) {
        return;
      }
      retries.pause();
    }
  }

  private Item site(String name) {
    return table
        .get(SiteAccess.siteKey(name))
        .filter(site -> site.string("state").equals("active"))
        .orElseThrow(() -> Problem.notFound("The site " + name));
  }

  private static Key key(String site, String alias) {
    return new Key("SITE#" + site, PREFIX + alias);
  }
}
