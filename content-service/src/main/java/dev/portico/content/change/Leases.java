package dev.portico.content.change;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Hands out {@link Lease}s. A dead holder's lease can be taken when its time has passed. */
@Singleton
public final class Leases {
  private final Table table;
  private final Clock clock;
  private final String holder = UUID.randomUUID().toString();

  Leases(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /** Takes the lease for this long; empty while another holds it. */
  public Optional<Lease> acquire(String name, Duration length) {
    Instant now = clock.instant();
    Optional<Item> current = table.get(Lease.key(name));
    if (current.filter(item -> item.instant("until").isAfter(now)).isPresent()) {
      return Optional.empty();
    }
    long fence = current.map(item -> item.number("fence")).orElse(0L);
    var lease = new Lease(name, holder, fence + 1, now.plus(length));
    Condition unchanged =
        current.isPresent() ? Condition.equal("fence", fence) : Condition.notExists();
    return table.write(Write.put(lease.item()).when(unchanged)).written()
        ? Optional.of(lease)
        : Optional.empty();
  }

  /** Holds on for this long from now; empty when another has taken it. */
  public Optional<Lease> renew(Lease lease, Duration length) {
    var renewed =
        new Lease(lease.name(), lease.holder(), lease.fence(), clock.instant().plus(length));
    Write write = Write.put(renewed.item()).when(Condition.equal("fence", lease.fence()));
    return table.write(write).written() ? Optional.of(renewed) : Optional.empty();
  }

  /** Lets go, if still held; the fencing number stays. */
  public void release(Lease lease) {
    table.write(
        Write.update(Lease.key(lease.name()))
            .set("until", clock.instant())
            .when(Condition.equal("fence", lease.fence())));
  }

  /** Runs the work if the lease can be had, and lets go after it; says whether it ran. */
  public boolean run(String name, Duration length, Consumer<Lease> work) {
    Optional<Lease> lease = acquire(name, length);
    lease.ifPresent(
        held -> {
          try {
            work.accept(held);
          } finally {
            release(held);
          }
        });
    return lease.isPresent();
  }
}
