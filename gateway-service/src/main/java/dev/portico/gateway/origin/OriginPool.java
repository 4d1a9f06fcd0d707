package dev.portico.gateway.origin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Idle connections of one event loop, the most recently used first. Used on that loop only. */
final class OriginPool {
  private final int limit;
  private final long maxIdleNanos;
  private final Map<Origin, Deque<OriginConnection>> idle = new HashMap<>();

  OriginPool(int limit, long maxIdleNanos) {
    this.limit = limit;
    this.maxIdleNanos = maxIdleNanos;
  }

  /** A connection that seems alive, or null. */
  @Nullable OriginConnection take(Origin origin) {
    Deque<OriginConnection> connections = idle.get(origin);
    if (connections == null) {
      return null;
    }
    long now = System.nanoTime();
    for (OriginConnection found; (found = connections.pollFirst()) != null; ) {
      if (found.usable() && now - found.idleSince() < maxIdleNanos) {
        return found;
      }
      found.close();
    }
    return null;
  }

  /** Keeps a connection for the next request, or closes it when enough are kept. */
  void give(Origin origin, OriginConnection connection) {
    Deque<OriginConnection> connections =
        idle.computeIfAbsent(origin, ignored -> new ArrayDeque<>());
    connections.addFirst(connection);
    long now = System.nanoTime();
    OriginConnection oldest = connections.peekLast();
    while (oldest != null
        && (connections.size() > limit || now - oldest.idleSince() >= maxIdleNanos)) {
      connections.removeLast();
      oldest.close();
      oldest = connections.peekLast();
    }
    connection.watch(maxIdleNanos);
  }

  /** Forgets a connection that has closed. */
  void remove(Origin origin, OriginConnection connection) {
    Deque<OriginConnection> connections = idle.get(origin);
    if (connections != null) {
      connections.remove(connection);
    }
  }
}
