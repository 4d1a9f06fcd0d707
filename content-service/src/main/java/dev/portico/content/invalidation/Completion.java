package dev.portico.content.invalidation;

import dev.portico.content.change.GatewayRegistry.Gateway;
import dev.portico.content.dynamodb.Item;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers: have all live gateways confirmed an invalidation? Its number is in the feed before
 * anybody can ask, and gateways are read after that, strongly consistent. Who is not among them is
 * told of it before relying on what it holds ({@code GatewayRegistry.alive}). That it is completed
 * is stored before it is said, so that it stays so.
 */
@Singleton
final class Completion {
  private final InvalidationTable table;
  private final GatewayLook gateways;

  Completion(InvalidationTable table, GatewayLook gateways) {
    this.table = table;
    this.gateways = gateways;
  }

  /** What all live gateways have confirmed: everything up to this number. */
  long confirmed() {
    return gateways.now().stream()
        .mapToLong(gateway -> gateway.invalidates() ? gateway.position() : 0)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Invalidations for a list, as they are now. */
  List<Invalidation> list(List<Item> items) {
    boolean open = items.stream().anyMatch(item -> !item.has(InvalidationTable.COMPLETED_AT));
    List<Gateway> alive = open ? gateways.now() : List.of();
    return items.stream().map(item -> Invalidation.listed(item, state(item, alive))).toList();
  }

  /** An invalidation with all that it names, when it is completed, the time is over or we stop. */
  Invalidation await(Item item, Duration longest) {
    long start = System.nanoTime();
    State state = state(item, gateways.now());
    if (state.completed() != null || longest.isZero()) {
      return whole(item, state);
    }
    Optional<List<Gateway>> alive = Optional.of(List.of());
    while (state.completed() == null && alive.isPresent()) {
      alive = gateways.next(longest.toNanos() - (System.nanoTime() - start));
      if (alive.isPresent()) {
        state = state(item, alive.get());
      }
    }
    // Somebody else may have found it completed before a gateway came back that has not confirmed.
    Item last = state.completed() == null ? table.again(item) : item;
    return whole(
        last,
        last.has(InvalidationTable.COMPLETED_AT)
            ? new State(last.instant(InvalidationTable.COMPLETED_AT), List.of())
            : state);
  }

  private Invalidation whole(Item item, State state) {
    return Invalidation.whole(item, state, table.named(item));
  }

  /**
   * How far an invalidation is.
   *
   * @param completed when it was, null: not yet
   * @param missing the live gateways that have not confirmed it
   */
  record State(@Nullable Instant completed, List<Invalidation.Missing> missing) {}

  private State state(Item item, List<Gateway> alive) {
    Optional<Instant> completed = item.optionalInstant(InvalidationTable.COMPLETED_AT);
    if (completed.isPresent()) {
      return new State(completed.get(), List.of());
    }
    long number = item.number(InvalidationTable.NUMBER);
    List<Invalidation.Missing> missing =
        alive.stream()
            .filter(gateway -> !gateway.confirms(number))
            .map(gateway -> new Invalidation.Missing(gateway.id(), gateway.leaseUntil()))
            .toList();
    return new State(missing.isEmpty() ? table.complete(item).orElse(null) : null, missing);
  }
}
