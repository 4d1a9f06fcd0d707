package dev.portico.content.site;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.Caller;
import dev.portico.content.settings.StoredSettings;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a site has had. Each is kept whole, by the site's version that it made; those
 * that others took the place of for {@link SiteSettings#settingsHistory}.
 */
@Singleton
class SettingsHistory {
  /** At the item of a site's settings: the site's version that they made. */
  static final String VERSION = "version";

  /** Documents lie beside their entries, which lists read: they are large and hold secrets. */
  private static final String DOCUMENT = "DOCUMENT#";

  private static final String RESTORED = "restored";

  private final Table table;
  private final SiteSettings settings;
  private final Clock clock;

  SettingsHistory(Table table, SiteSettings settings, Clock clock) {
    this.table = table;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Settings that a site has or had.
   *
   * @param version the site's version that they made, by which they are restored
   * @param at since when; null: not known, of a release without history
   * @param by sub of a person; null: not known
   * @param restored the version that they were restored from; null: they were given
   * @param expiresAt until when they are kept; null: they hold
   */
  @Serdeable
  @Schema(name = "SettingsVersion")
  record Entry(
      long version,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant at,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String by,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Long restored,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant expiresAt) {}

  /**
   * A page.
   *
   * @param items newest first
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "SettingsVersionPage")
  record EntryPage(List<Entry> items, @Nullable String next) {}

  /** A page of a site's settings, newest first. */
  EntryPage list(String site, int limit, @Nullable String cursor) {
    Instant now = clock.instant();
    // Entries begin with a digit.
    Query entries = Query.of(partition(site)).between("0", ":");
    Page page = table.query(entries.backward().limit(limit).after(cursor));
    return new EntryPage(
        page.items().stream()
            .filter(item -> !item.expired(now))
            .map(SettingsHistory::entry)
            .toList(),
        page.next());
  }

  /**
   * The settings that made this version of the site.
   *
   * @throws Problem 404 when none did, or they are not kept any more
   */
  StoredSettings stored(String site, long version) {
    return table
        .get(documentKey(site, version))
        .filter(item -> !item.expired(clock.instant()))
        .map(Settings::stored)
        .orElseThrow(() -> Problem.notFound("Settings of version " + version));
  }

  /** Notes the settings that make this version of the site. */
  List<Write> entry(
      Caller caller, String site, long version, @Nullable Long restored, StoredSettings stored) {
    Item item =
        Item.at(key(site, version))
            .with(VERSION, version)
            .with("at", clock.instant())
            .with("by", caller.id());
    return List.of(
        Write.put(restored == null ? item : item.with(RESTORED, restored)),
        Write.put(Settings.written(Item.at(documentKey(site, version)), stored)));
  }

  /**
   * Lets the settings end some day that others take the place of now.
   *
   * @param replaced the item of the site's settings
   * @param before the site's version until now, by which settings are kept that a release without
   *     history wrote
   */
  List<Write> superseded(String site, Item replaced, long before) {
    Instant end = clock.instant().plus(settings.settingsHistory());
    boolean noted = replaced.has(VERSION);
    long version = noted ? replaced.number(VERSION) : before;
    Item document = Item.at(documentKey(site, version));
    var writes = new ArrayList<Write>();
    writes.add(
        noted
            ? Write.update(key(site, version)).expireAt(end)
            : Write.put(Item.at(key(site, version)).with(VERSION, version).expiringAt(end)));
    writes.add(Write.put(Settings.written(document, Settings.stored(replaced)).expiringAt(end)));
    if (!noted) {
      writes.addAll(forgotten(site, version, end));
    }
    return writes;
  }

  /**
   * Lets the latest settings end that are noted, if they do not yet: a copy of a release without
   * history took their place and noted nothing.
   *
   * @param version what it made, which is noted now
   */
  private List<Write> forgotten(String site, long version, Instant end) {
    Query entries = Query.of(partition(site)).between("0", ":");
    return table.query(entries.backward().limit(1)).items().stream()
        .filter(item -> item.expiresAt().isEmpty() && item.number(VERSION) < version)
        .map(item -> item.number(VERSION))
        .flatMap(
            latest ->
                Stream.<Write>of(
                    Write.update(key(site, latest)).expireAt(end),
                    Write.update(documentKey(site, latest)).expireAt(end)))
        .toList();
  }

  /** The partition of a site's settings. */
  static String partition(String site) {
    return "SITE#" + site + "#SETTINGS";
  }

  private static Key key(String site, long version) {
    return new Key(partition(site), "%012d".formatted(version));
  }

  private static Key documentKey(String site, long version) {
    return new Key(partition(site), DOCUMENT + "%012d".formatted(version));
  }

  private static Entry entry(Item item) {
    return new Entry(
        item.number(VERSION),
        item.optionalInstant("at").orElse(null),
        item.optionalString("by").orElse(null),
        item.has(RESTORED) ? item.number(RESTORED) : null,
        item.expiresAt().orElse(null));
  }
}
