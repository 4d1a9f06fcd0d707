package dev.portico.content.site;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.OriginsSettings;
import dev.portico.content.settings.SettingsDocument;
import dev.portico.content.settings.StoredSettings;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of sites in the table. They are an item of their own, since the site's is read on every
 * call; its key lies among aliases and hosts, so that a snapshot's one query reads it too.
 */
@Singleton
class Settings {
  /** The sort key in the site's partition: between {@code ALIAS#} and {@code HOST#}. */
  static final String KEY = "EDGE#SETTINGS";

  /**
   * At the site's item: the one setting that a site has before it is given a document. Kept true
   * afterwards for copies of the release before, which know no other place.
   */
  static final String IMMUTABLE_ASSETS = "immutableAssets";

  private static final String DOCUMENT = "document";
  private static final String SECRETS = "secrets";

  private final Table table;
  private final ChangeFeed feed;
  private final Sites sites;
  private final AuditLog audit;
  private final OriginsSettings rules;

  Settings(Table table, ChangeFeed feed, Sites sites, AuditLog audit, OriginsSettings rules) {
    this.table = table;
    this.feed = feed;
    this.sites = sites;
    this.audit = audit;
    this.rules = rules;
  }

  /**
   * Settings as shown.
   *
   * @param version of the site
   * @param document without secrets
   */
  record Shown(long version, SettingsDocument document) {}

  /** The settings of a site's item that was read before: they are never older than its version. */
  Shown show(Item site) {
    return new Shown(site.number("version"), read(site).shown());
  }

  /**
   * Puts a document in place of what is there.
   *
   * @param version that the site must have now, null: any
   * @param request the whole document as JSON
   */
  Shown replace(Caller caller, String site, @Nullable Long version, byte[] request) {
    Retries retries = new Retries();
    while (true) {
      Item current =
          table
              .get(SiteAccess.siteKey(site))
              .orElseThrow(() -> Problem.notFound("The site " + site));
      StoredSettings changed = read(current).replacedBy(request, rules);
      // The values of header fields that the request leaves out are those of this very version.
      long before = version == null ? current.number("version") : version;
      Outcome outcome = feed.commit(site, writes(caller, site, before, changed));
      if (outcome.written()) {
        return new Shown(before + 1, changed.shown());
      }
      if (version != null || !raced(outcome, site)) {
        Sites.explain(outcome, site);
      }
      retries.pause();
    }
  }

  private static boolean raced(Outcome outcome, String site) {
    return outcome
        .failure(SiteAccess.siteKey(site))
        .map(Outcome.Failure::current)
        .filter(current -> current.string("state").equals(Site.ACTIVE))
        .isPresent();
  }

  private List<Write> writes(Caller caller, String site, long version, StoredSettings changed) {
    SettingsDocument document = changed.shown();
    return List.of(
        sites.change(site, version).set(IMMUTABLE_ASSETS, document.immutableAssets()),
        Write.put(
            Item.at(key(site)).with(DOCUMENT, changed.json()).withMap(SECRETS, changed.secrets())),
        audit.entry(
            caller,
            site,
            "site.settings",
            Map.of(
                "immutableAssets", Boolean.toString(document.immutableAssets()),
                "origins", Integer.toString(document.origins().size()),
                "cachePolicies", Integer.toString(document.cachePolicies().size()),
                "behaviours", Integer.toString(document.behaviours().size()))));
  }

  private StoredSettings read(Item site) {
    return stored(site, table.get(key(Site.name(site))).orElse(null));
  }

  /** The settings of a site's item and the item that holds its document, if there is one. */
  static StoredSettings stored(Item site, @Nullable Item settings) {
    return settings == null
        ? StoredSettings.none(site.flag(IMMUTABLE_ASSETS))
        : StoredSettings.of(settings.string(DOCUMENT), settings.map(SECRETS));
  }

  private static Key key(String site) {
    return new Key(SiteAccess.siteKey(site).pk(), KEY);
  }
}
