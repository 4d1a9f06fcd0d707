package dev.portico.gateway.connection;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What all public connections share. */
final class Listener {
  private static final long MAX_CHECK = TimeUnit.SECONDS.toNanos(5);
  private static final long MIN_CHECK = TimeUnit.MILLISECONDS.toNanos(20);

  private final ListenerSettings settings;
  private final ExchangeHandler handler;
  private final Set<DrainableConnection> connections = ConcurrentHashMap.newKeySet();
  private final long checkNanos;
  private volatile boolean draining;

  Listener(ListenerSettings settings, ExchangeHandler handler) {
    this.settings = settings;
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
