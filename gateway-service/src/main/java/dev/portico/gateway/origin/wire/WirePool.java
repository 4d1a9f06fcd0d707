package dev.portico.gateway.origin.wire;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The connections of one event loop, by peer and address. Used on that loop only. */
public final class WirePool {
  private static final long LEAST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final EventLoop loop;
  private final WireConnector connector;
  private final WireSettings settings;
  private final WireCounts counts;
  private final Map<Key, Lane> lanes = new HashMap<>();
  private boolean sweeping;

  /**
   * Makes an empty pool.
   *
   * @param counts counts the connections of this one and of others
   */
  public WirePool(
      EventLoop loop, WireConnector connector, WireSettings settings, WireCounts counts) {
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.counts = counts;
  }

  private record Key(Peer peer, InetAddress address) {}

  /**
   * Asks for a connection. The taker may be told before this method returns.
   *
   * @param upgradable whether it must be one of HTTP/1.1, which alone can change its protocol
   * @param fresh whether a connection that has served before will not do
   * @param timeout for waiting and connecting, TLS included
   */
  public Lease acquire(
      Peer peer,
      InetAddress address,
      boolean upgradable,
      boolean fresh,
      Duration timeout,
      Lease.Taker taker) {
    Peer asked = upgradable ? peer.withoutHttp2() : peer;
    Lane lane =
        lanes.computeIfAbsent(
            new Key(asked, address),
            key -> new Lane(asked, address, loop, connector, settings, counts));
    Lease lease = new Lease(lane, timeout.toNanos(), taker);
    lane.ask(lease, fresh);
    if (!sweeping) {
      sweeping = true;
      scheduleSweep();
    }
    return lease;
  }

  private void scheduleSweep() {
    long every = Math.max(LEAST_SWEEP_NANOS, settings.idleFor().toNanos() / 4);
    loop.schedule(this::sweep, every, TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    lanes.values().forEach(lane -> lane.sweep(now));
    lanes.values().removeIf(Lane::empty);
    sweeping = !lanes.isEmpty();
    if (sweeping) {
      scheduleSweep();
    }
  }
}
