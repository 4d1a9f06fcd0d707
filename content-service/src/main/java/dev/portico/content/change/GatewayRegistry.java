package dev.portico.content.change;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which gateways follow the feed, how far each has confirmed, and until when it counts as alive.
 */
@Singleton
public final class GatewayRegistry {
  private static final String PARTITION = "GATEWAYS";

  private final Table table;
  private final ChangeSettings settings;
  private final Clock clock;

  GatewayRegistry(Table table, ChangeSettings settings, Clock clock) {
    this.table = table;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * A gateway as it last polled.
   *
   * @param id random id of its process
   * @param position it has confirmed everything up to this number
   * @param leaseUntil alive at least until then
   * @param counters what it counted, for gradual releases
   */
  public record Gateway(
      String id, long position, Instant leaseUntil, Map<String, String> counters) {}

  void polled(String id, long position, Map<String, Long> counters, Instant leaseUntil) {
    var texts = new java.util.LinkedHashMap<String, String>();
    counters.forEach((name, value) -> texts.put(name, Long.toString(value)));
    table.write(
        Write.put(
            Item.at(PARTITION, id)
                .with("position", position)
                .with("leaseUntil", leaseUntil)
                .withMap("counters", texts)
                .expiringAt(leaseUntil.plus(settings.retention()))));
  }

  /** Gateways with an unexpired lease. */
  public List<Gateway> alive() {
    Instant now = clock.instant();
    return table.stream(Query.of(PARTITION))
        .filter(item -> item.instant("leaseUntil").isAfter(now))
        .map(
            item ->
                new Gateway(
                    item.key().sk(),
                    item.number("position"),
                    item.instant("leaseUntil"),
                    item.map("counters")))
        .toList();
  }
}
