package dev.portico.content.change;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which gateways follow the feed, how far each has confirmed, and until when it counts as alive.
 */
@Singleton
public final class GatewayRegistry {
  private static final String PARTITION = "GATEWAYS";

  /** How long a gateway's item outlives its lease: all items are read whenever somebody waits. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private static final String INVALIDATES = "invalidates";

  private final Table table;
  private final Clock clock;

  GatewayRegistry(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * A gateway as it last polled.
   *
   * @param id random id of its process
   * @param version of its release; null: it does not say
   * @param address that it polled from; null: of a release that does not note it
   * @param position it has confirmed everything up to this number
   * @param invalidates whether it applies invalidations, so that its position confirms them
   * @param leaseUntil alive at least until then
   * @param counters what it counted, for gradual releases
   */
  public record Gateway(
      String id,
      @Nullable String version,
      @Nullable String address,
      long position,
      boolean invalidates,
      Instant leaseUntil,
      Map<String, Long> counters) {
    /** Keeps an unmodifiable copy. */
    public Gateway {
      counters = Map.copyOf(counters);
    }

    /** The same when its position is none of this feed. */
    Gateway knowingNothing() {
      return new Gateway(id, version, address, 0, invalidates, leaseUntil, counters);
    }

    /** Whether it has forgotten what an invalidation of this number names. */
    public boolean confirms(long invalidation) {
      return invalidates && position >= invalidation;
    }
  }

  /** Notes a poll. */
  void polled(Gateway gateway) {
    var texts = new LinkedHashMap<String, String>();
    gateway.counters().forEach((name, value) -> texts.put(name, Long.toString(value)));
    table.write(
        Write.put(
            Item.at(PARTITION, gateway.id())
                .with("version", gateway.version())
                .with("address", gateway.address())
                .with("position", gateway.position())
                .with(INVALIDATES, gateway.invalidates())
                .with("leaseUntil", gateway.leaseUntil())
                .withMap("counters", texts)
                .expiringAt(gateway.leaseUntil().plus(KEPT))));
  }

  /**
   * Gateways with an unexpired lease, each as it is in the table at some moment of this call. A
   * gateway that is not among them polls, if ever again, after that, and is told all that was in
   * the feed by then before it relies on what it holds.
   */
  public List<Gateway> alive() {
    Instant now = clock.instant();
    return table.stream(Query.of(PARTITION))
        .map(GatewayRegistry::gateway)
        .filter(gateway -> gateway.leaseUntil().isAfter(now))
        .toList();
  }

  /**
   * A page of those with an unexpired lease, by id.
   *
   * @param limit how many are looked at; fewer may be alive
   * @param cursor where the page before ended, null: the first
   */
  GatewayPage page(int limit, @Nullable String cursor) {
    Instant now = clock.instant();
    Page page = table.query(Query.of(PARTITION).limit(limit).after(cursor));
    return new GatewayPage(
        page.items().stream()
            .map(GatewayRegistry::gateway)
            .filter(gateway -> gateway.leaseUntil().isAfter(now))
            .toList(),
        page.next());
  }

  /**
   * A page of gateways.
   *
   * @param items by id
   * @param next cursor of the following page, null when this is the last
   */
  record GatewayPage(List<Gateway> items, @Nullable String next) {}

  private static Gateway gateway(Item item) {
    var counters = new LinkedHashMap<String, Long>();
    item.map("counters").forEach((name, value) -> counters.put(name, Long.valueOf(value)));
    return new Gateway(
        item.key().sk(),
        item.optionalString("version").orElse(null),
        item.optionalString("address").orElse(null),
        item.number("position"),
        // Absent, which is false, as a release without invalidations writes it.
        item.flag(INVALIDATES),
        item.instant("leaseUntil"),
        counters);
  }
}
