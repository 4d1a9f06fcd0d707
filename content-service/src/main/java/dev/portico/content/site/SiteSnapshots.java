package dev.portico.content.site;

import dev.portico.content.change.Snapshot;
import dev.portico.content.change.SnapshotSource;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.settings.SettingsDocument;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private static final String HOST = "HOST#";
  private static final String ALIAS = "ALIAS#";

  private final Table table;

  SiteSnapshots(Table table) {
    this.table = table;
  }

  @Override
  public Optional<Snapshot> snapshot(String site) {
    return table.get(SiteAccess.siteKey(site)).map(this::compile);
  }

  @Override
  public SnapshotPage snapshots(@Nullable String cursor) {
    Page names = table.query(Query.of(Sites.LIST).limit(PAGE).after(cursor));
    var running = new ArrayList<Future<Optional<Snapshot>>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Item entry : names.items()) {
        running.add(executor.submit(() -> snapshot(entry.key().sk())));
      }
    }
    List<Snapshot> found =
        running.stream()
            .map(Future::resultNow)
            .map(each -> each.orElse(null))
            .filter(Objects::nonNull)
            .toList();
    return new SnapshotPage(found, names.next());
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
