package dev.portico.gateway.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What all public connections share. */
final class Listener {
  private static final long MAX_CHECK = TimeUnit.SECONDS.toNanos(5);
  private static final long MIN_CHECK = TimeUnit.MILLISECONDS.toNanos(20);

  private final ListenerSettings settings;
  private final Http2Limits http2;
  private final boolean joinsTraces;
  private final ExchangeHandler handler;
  private final Set<DrainableConnection> connections = ConcurrentHashMap.newKeySet();
  private final ClientConnections clients;
  private final AtomicLong refused = new AtomicLong();
  private final long checkNanos;
  private volatile boolean draining;

  /** {@code joinsTraces}: whether requests belong to the traces that they name. */
  Listener(
      ListenerSettings settings, Http2Limits http2, boolean joinsTraces, ExchangeHandler handler) {
    this.settings = settings;
    this.http2 = http2;
    this.joinsTraces = joinsTraces;
    boolean direct = settings.trustedProxies() == 0;
    this.clients = new ClientConnections(direct ? settings.maxConnectionsPerClient() : 0);
    this.handler = handler;
    long shortest =
        Math.min(
            Math.min(settings.headerTimeout().toNanos(), settings.bodyTimeout().toNanos()),
            Math.min(settings.idleTimeout().toNanos(), settings.writeTimeout().toNanos()));
    this.checkNanos = Math.clamp(shortest / 4, MIN_CHECK, MAX_CHECK);
  }

  ListenerSettings settings() {
    return settings;
  }

  Http2Limits http2() {
    return http2;
  }

  /** Whether requests belong to the traces that they name. */
  boolean joinsTraces() {
    return joinsTraces;
  }

  /** The connections that each client has. */
  ClientConnections clients() {
    return clients;
  }

  /** Whether there is room for one more connection; counts when there is not. */
  boolean hasRoom() {
    boolean room = connections.size() < settings.maxConnections();
    if (!room) {
      refused.incrementAndGet();
    }
    return room;
  }

  /** Connections that were refused because there were too many in all. */
  long refused() {
    return refused.get();
  }

  ExchangeHandler handler() {
    return handler;
  }

  /** The connections that are open now. */
  Set<DrainableConnection> connections() {
    return connections;
  }

  /** Whether connections should end with the exchange they are in. */
  boolean draining() {
    return draining;
  }

  /** From now on connections end with the exchange they are in, those to come as well. */
  void startDraining() {
    draining = true;
  }

  /** How often a connection looks at its limits of time, in nanoseconds. */
  long checkNanos() {
    return checkNanos;
  }
}
