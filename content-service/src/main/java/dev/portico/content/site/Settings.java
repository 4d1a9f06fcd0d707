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
import dev.portico.content.policy.PolicyUses;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsDocument;
import dev.portico.content.settings.SettingsEnvironment;
import dev.portico.content.settings.SettingsFile;
import dev.portico.content.settings.StoredSettings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
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
  private final SettingsHistory history;
  private final AuditLog audit;
  private final SettingsFiles files;
  private final SettingsEnvironment environment;
  private final PolicyUses policies;

  Settings(
      Table table,
      ChangeFeed feed,
      Sites sites,
      SettingsHistory history,
      AuditLog audit,
      SettingsFiles files,
      SettingsEnvironment environment,
      PolicyUses policies) {
    this.table = table;
    this.feed = feed;
    this.sites = sites;
    this.history = history;
    this.audit = audit;
    this.files = files;
    this.environment = environment;
    this.policies = policies;
  }

  /**
   * Settings as shown.
   *
   * @param version of the site
   * @param document without secrets
   * @param owned keys of it that the live deployment's file of settings owns, sorted
   */
  record Shown(long version, SettingsDocument document, Set<String> owned) {}

  /** The settings of a site's item that was read before: they are never older than its version. */
  Shown show(Item site) {
    Set<String> owned = files.live(site).keys(SettingsContext.PRODUCTION);
    return new Shown(site.number("version"), read(site).shown(), owned);
  }

  /**
   * What holds, or would hold, where a deployment is shown.
   *
   * @param deployment its id; null: the live one
   * @throws Problem 409 when its file and the site's own settings do not go together
   */
  Shown effective(Item site, @Nullable String deployment, SettingsContext context) {
    String id = deployment == null ? site.optionalString("deployment").orElse("") : deployment;
    SettingsFile file = files.of(Site.name(site), id);
    StoredSettings holding = files.effective(site, file, id, context);
    return new Shown(site.number("version"), holding.shown(), file.keys(context));
  }

  /**
   * Puts a document in place of what is there; the same again changes nothing.
   *
   * @param version that the site must have now, null: any
   * @param request the whole document as JSON
   */
  Shown replace(Caller caller, String site, @Nullable Long version, byte[] request) {
    return change(caller, site, version, null, current -> current.replacedBy(request, environment));
  }

  /**
   * Puts settings that the site had before in place of what is there, if they are right by today's
   * rules; by admins while publishing is frozen, too.
   *
   * @param version that the site must have now, null: any
   * @param earlier the site's version that the settings to be restored made
   * @throws Problem 404 when there are no such settings, 400 when they are wrong by now
   */
  Shown restore(Caller caller, String site, @Nullable Long version, long earlier) {
    StoredSettings found = history.stored(site, earlier);
    return change(caller, site, version, earlier, current -> current.restored(found, environment));
  }

  private Shown change(
      Caller caller,
      String site,
      @Nullable Long version,
      @Nullable Long restored,
      UnaryOperator<StoredSettings> change) {
    Retries retries = new Retries();
    while (true) {
      Item current = sites.active(site, version);
      long before = current.number("version");
      @Nullable Item item = table.get(key(site)).orElse(null);
      StoredSettings own = stored(current, item);
      StoredSettings changed = change.apply(own);
      requireAdmin(caller, own.shown(), changed.shown());
      SettingsFile file = files.live(current);
      if (item != null
          && item.has(SettingsHistory.VERSION)
          && item.number(SettingsHistory.VERSION) > before) {
        retries.pause(); // The site was read before another's change, and its settings after it.
        continue;
      }
      if (item != null && restored == null && same(changed, own)) {
        return new Shown(before, own.shown(), file.keys(SettingsContext.PRODUCTION));
      }
      files.require(
          changed,
          file,
          current.optionalString("deployment").orElse(""),
          SettingsContext.PRODUCTION);
      // The values of header fields that the request leaves out are those of this very version.
      List<Write> writes = writes(caller, current, item, new Change(changed, restored, file));
      Outcome outcome =
          restored != null && caller.admin()
              ? feed.commitEvenFrozen(site, writes)
              : feed.commit(site, writes);
      if (outcome.written()) {
        return new Shown(before + 1, changed.shown(), file.keys(SettingsContext.PRODUCTION));
      }
      if (version != null || !raced(outcome, site)) {
        Sites.explain(outcome, site);
      }
      retries.pause();
    }
  }

  /** Whether a change would make a version that is as the one before. */
  private static boolean same(StoredSettings changed, StoredSettings own) {
    return changed.json().equals(own.json()) && changed.secrets().equals(own.secrets());
  }

  /**
   * Who owns a site could otherwise have its pages do whatever those may who look at them, admins
   * among them.
   */
  private static void requireAdmin(Caller caller, SettingsDocument had, SettingsDocument has) {
    if (has.api().mounted() && !had.api().mounted() && !caller.admin()) {
      throw Problem.forbidden(
              "Only members of the group admins mount the API at a site: its pages can then do"
                  + " everything that their viewers may.")
          .field("api.mounted", "can be set to true by admins only");
    }
  }

  private static boolean raced(Outcome outcome, String site) {
    return outcome
        .failure(SiteAccess.siteKey(site))
        .map(Outcome.Failure::current)
        .filter(current -> current.string("state").equals(Site.ACTIVE))
        .isPresent();
  }

  /**
   * A change.
   *
   * @param settings the new ones
   * @param restored the version that they were restored from
   * @param live the live deployment's file
   */
  private record Change(StoredSettings settings, @Nullable Long restored, SettingsFile live) {}

  private List<Write> writes(Caller caller, Item before, @Nullable Item replaced, Change change) {
    String site = Site.name(before);
    long version = before.number("version");
    StoredSettings changed = change.settings();
    SettingsDocument document = changed.shown();
    var details = new LinkedHashMap<String, String>();
    // Which the history has whole.
    details.put("version", Long.toString(version + 1));
    details.put("changed", String.join(",", changed.differences(stored(before, replaced))));
    if (document.api().mounted()) {
      details.put("apiMounted", "true");
    }
    if (change.restored() != null) {
      details.put("restored", Long.toString(change.restored()));
    }
    var writes = new ArrayList<Write>();
    Set<String> named = SettingsFiles.sharedPolicies(changed, change.live());
    PolicyUses.Changed uses =
        policies.changed(
            sites.change(site, version).set(IMMUTABLE_ASSETS, document.immutableAssets()),
            site,
            before,
            named,
            named);
    writes.add(uses.change());
    writes.addAll(uses.others());
    writes.add(
        Write.put(written(Item.at(key(site)), changed).with(SettingsHistory.VERSION, version + 1)));
    writes.addAll(history.entry(caller, site, version + 1, change.restored(), changed));
    if (replaced != null) {
      writes.addAll(history.superseded(site, replaced, version));
    }
    writes.add(audit.entry(caller, site, "site.settings", details));
    return writes;
  }

  /** The item with the settings in it. */
  static Item written(Item item, StoredSettings settings) {
    return item.with(DOCUMENT, settings.json()).withMap(SECRETS, settings.secrets());
  }

  /** The settings in an item. */
  static StoredSettings stored(Item item) {
    return StoredSettings.of(item.string(DOCUMENT), item.map(SECRETS));
  }

  private StoredSettings read(Item site) {
    return stored(site, table.get(key(Site.name(site))).orElse(null));
  }

  /** The settings of a site's item and the item that holds its document, if there is one. */
  static StoredSettings stored(Item site, @Nullable Item settings) {
    return settings == null ? StoredSettings.none(site.flag(IMMUTABLE_ASSETS)) : stored(settings);
  }

  /** The item of a site's settings. */
  static Key key(String site) {
    return new Key(SiteAccess.siteKey(site).pk(), KEY);
  }
}
