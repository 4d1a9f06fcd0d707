package dev.portico.content.site;

import dev.portico.content.change.Snapshot;
import dev.portico.content.change.SnapshotSource;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.FieldError;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsDocument;
import dev.portico.content.settings.SettingsEnvironment;
import dev.portico.content.settings.SettingsFile;
import dev.portico.content.settings.StoredSettings;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles snapshots. The site's item is read before its hosts, aliases and settings: a snapshot
 * may then be newer than its version says, never older, so that whoever applies versions in order
 * ends right.
 */
@Singleton
final class SiteSnapshots implements SnapshotSource {
  private static final int PAGE = 100;

  /** How many are compiled at the same time, and held beyond a page at most. */
  private static final int BATCH = 10;

  /** Bytes of JSON of the snapshots of a page, unless it has but one. */
  static final int PAGE_BYTES = 2 << 20;

  private static final String HOST = "HOST#";
  private static final String ALIAS = "ALIAS#";

  /** Times that a site is read again because its settings were changed meanwhile. */
  private static final int READINGS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(SiteSnapshots.class);

  private final Table table;
  private final SettingsFiles files;
  private final SettingsEnvironment environment;
  private final ObjectMapper json;
  private final Clock clock;

  SiteSnapshots(
      Table table,
      SettingsFiles files,
      SettingsEnvironment environment,
      ObjectMapper json,
      Clock clock) {
    this.table = table;
    this.files = files;
    this.environment = environment;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public Optional<Snapshot> snapshot(String site) {
    return table.get(SiteAccess.siteKey(site)).map(this::compile);
  }

  @Override
  public SnapshotPage snapshots(@Nullable String cursor) {
    Query query = Query.of(Sites.LIST).limit(PAGE);
    Page names = table.query(query.after(cursor));
    var sites = new ArrayList<Snapshot>();
    var damaged = new ArrayList<Damaged>();
    long bytes = 0;
    @Nullable Item last = null;
    for (int from = 0; from < names.items().size(); from += BATCH) {
      List<Item> batch = names.items().subList(from, Math.min(names.items().size(), from + BATCH));
      List<Compiled> compiled = compileAll(batch);
      for (int i = 0; i < batch.size(); i++) {
        @Nullable Snapshot snapshot = compiled.get(i).snapshot();
        bytes += snapshot == null ? 0 : size(snapshot);
        if (bytes > PAGE_BYTES && last != null && !sites.isEmpty()) {
          return new SnapshotPage(sites, damaged, query.cursorAfter(last));
        }
        if (snapshot != null) {
          sites.add(snapshot);
        }
        if (compiled.get(i).damaged() != null) {
          damaged.add(compiled.get(i).damaged());
        }
        last = batch.get(i);
      }
    }
    return new SnapshotPage(sites, damaged, names.next());
  }

  /** What became of one site of a page; neither: it has gone meanwhile. */
  private record Compiled(@Nullable Snapshot snapshot, @Nullable Damaged damaged) {}

  private List<Compiled> compileAll(List<Item> entries) {
    var running = new ArrayList<Future<Compiled>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Item entry : entries) {
        running.add(executor.submit(() -> compiled(entry.key().sk())));
      }
    }
    return running.stream().map(Future::resultNow).toList();
  }

  /** One site that cannot be read keeps no gateway from the others. */
  private Compiled compiled(String site) {
    try {
      return new Compiled(snapshot(site).orElse(null), null);
    } catch (RuntimeException e) {
      LOG.error(
          "There can be no snapshot of {}, which is not served by gateways that start", site, e);
      return new Compiled(null, new Damaged(site, hosts(site)));
    }
  }

  private List<String> hosts(String site) {
    try {
      return table.stream(Query.of(SiteAccess.siteKey(site).pk()).prefix(HOST))
          .filter(item -> item.string("state").equals(Hosts.ACTIVE))
          .map(item -> item.key().sk().substring(HOST.length()))
          .toList();
    } catch (RuntimeException e) {
      LOG.error("Nor can the hosts of {} be read", site, e);
      return List.of();
    }
  }

  private int size(Snapshot snapshot) {
    try {
      return json.writeValueAsBytes(snapshot).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Snapshot compile(Item site) {
    return compile(site, READINGS);
  }

  private Snapshot compile(Item site, int readings) {
    var hosts = new ArrayList<String>();
    var aliases = new TreeMap<String, String>();
    var settings = new ArrayList<Item>();
    // One range holds all of them, and neither members nor tokens.
    Query range = Query.of(site.key().pk()).prefix(HOST);
    table.stream(range.between(ALIAS, range.to()))
        .forEach(
            item -> {
              String sk = item.key().sk();
              if (sk.startsWith(ALIAS)) {
                aliases.put(sk.substring(ALIAS.length()), item.string("deployment"));
              } else if (sk.equals(Settings.KEY)) {
                settings.add(item);
              } else if (sk.startsWith(HOST) && item.string("state").equals(Hosts.ACTIVE)) {
                hosts.add(sk.substring(HOST.length()));
              }
            });
    @Nullable Item given = settings.isEmpty() ? null : settings.getFirst();
    if (readings > 0 && given != null && isNewer(given, site)) {
      // Of another deployment than the one that they were judged with, perhaps.
      @Nullable Item again = table.get(site.key()).orElse(null);
      if (again != null) {
        return compile(again, readings - 1);
      }
    }
    boolean active = site.string("state").equals(Site.ACTIVE);
    StoredSettings own = Settings.stored(site, given);
    Effective effective = active ? effective(site, own) : Effective.NONE;
    SettingsFile file = effective.file();
    SettingsDocument document =
        active && !effective.closed()
            ? effective.settings().compiled()
            : SettingsDocument.defaults(site.flag(Settings.IMMUTABLE_ASSETS));
    Duration keep = Duration.ofSeconds(document.earlierAssetsSeconds());
    return new Snapshot(
        Site.name(site),
        site.number("version"),
        active ? Site.ACTIVE : Site.DELETED,
        active ? hosts : List.of(),
        active ? site.optionalString("deployment").orElse(null) : null,
        active ? GradualRelease.forGateways(site) : null,
        active ? EarlierDeployments.of(site, keep, clock.instant()) : List.of(),
        active ? aliases : new TreeMap<>(),
        effective.closed() ? List.of(Snapshot.REPAIR) : Snapshot.requires(document),
        document,
        file.keys(SettingsContext.PRODUCTION).isEmpty() ? null : site.string("deployment"));
  }

  private static boolean isNewer(Item settings, Item site) {
    return settings.has(SettingsHistory.VERSION)
        && settings.number(SettingsHistory.VERSION) > site.number("version");
  }

  /**
   * What holds for a site.
   *
   * @param file the live deployment's, as far as it has a part in it
   * @param closed whether nobody may have anything of the site until its settings are right
   */
  private record Effective(StoredSettings settings, SettingsFile file, boolean closed) {
    static final Effective NONE =
        new Effective(StoredSettings.none(true), SettingsFile.NONE, false);
  }

  /**
   * The site's own settings with the live deployment's file. Without it when what it leaves out is
   * not in them, as when these were written by hand or by a release without files: no gateway could
   * use that. But where either says who may have what, the site is closed rather than opened.
   */
  private Effective effective(Item site, StoredSettings own) {
    SettingsFile file = files.live(site);
    StoredSettings merged = own.with(file, SettingsContext.PRODUCTION);
    boolean unclear = merged.unclearAccess();
    List<FieldError> gaps = new ArrayList<>(own.refusals(file, SettingsContext.PRODUCTION));
    if (!file.keys(SettingsContext.PRODUCTION).isEmpty()) {
      gaps.addAll(merged.gaps(environment));
    }
    if (gaps.isEmpty() && !unclear) {
      return new Effective(merged, file, false);
    }
    boolean closed = unclear || own.shown().restrictsAccess() || merged.shown().restrictsAccess();
    LOG.error(
        "portico.yml of the live deployment of {} does not go with the site's settings, {}: {}",
        Site.name(site),
        closed ? "which is closed until they do" : "which hold without it",
        unclear ? "what is said of access is not known to this release" : gaps);
    return new Effective(own, SettingsFile.NONE, closed);
  }
}
