package dev.portico.content.site;

import dev.portico.content.change.Snapshot;
import dev.portico.content.change.SnapshotSource;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsDocument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

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

  private final Table table;

  private final ObjectMapper json;

  SiteSnapshots(Table table, ObjectMapper json) {
    this.table = table;
    this.json = json;
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
    long bytes = 0;
    @Nullable Item last = null;
    for (int from = 0; from < names.items().size(); from += BATCH) {
      List<Item> batch = names.items().subList(from, Math.min(names.items().size(), from + BATCH));
      List<Optional<Snapshot>> compiled = compileAll(batch);
      for (int i = 0; i < batch.size(); i++) {
        @Nullable Snapshot snapshot = compiled.get(i).orElse(null);
        bytes += snapshot == null ? 0 : size(snapshot);
        if (bytes > PAGE_BYTES && last != null && !sites.isEmpty()) {
          return new SnapshotPage(sites, query.cursorAfter(last));
        }
        if (snapshot != null) {
          sites.add(snapshot);
        }
        last = batch.get(i);
      }
    }
    return new SnapshotPage(sites, names.next());
  }

  private List<Optional<Snapshot>> compileAll(List<Item> entries) {
    var running = new ArrayList<Future<Optional<Snapshot>>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Item entry : entries) {
        running.add(executor.submit(() -> snapshot(entry.key().sk())));
      }
    }
    return running.stream().map(Future::resultNow).toList();
  }

  private int size(Snapshot snapshot) {
    try {
      return json.writeValueAsBytes(snapshot).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Snapshot compile(Item site) {
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
    boolean active = site.string("state").equals(Site.ACTIVE);
    return new Snapshot(
        Site.name(site),
        site.number("version"),
        active ? Site.ACTIVE : Site.DELETED,
        active ? hosts : List.of(),
        active ? site.optionalString("deployment").orElse(null) : null,
        active ? aliases : new TreeMap<>(),
        active
            ? Settings.stored(site, settings.isEmpty() ? null : settings.getFirst()).compiled()
            : SettingsDocument.defaults(site.flag(Settings.IMMUTABLE_ASSETS)));
  }
}
