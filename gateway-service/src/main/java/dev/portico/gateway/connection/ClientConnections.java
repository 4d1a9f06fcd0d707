package dev.portico.gateway.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections each client has open. An IPv6 network of 64 bits counts as one client, since
 * whoever has one address of it has them all (RFC 6177). Behind proxies nothing is counted: there,
 * every connection is a proxy's. From any thread.
 */
final class ClientConnections {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnections.class);
  private static final long LOG_NANOS = 10_000_000_000L;

  private final int most;
  private final Map<Object, Integer> open = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong logged = new AtomicLong(System.nanoTime() - LOG_NANOS);

  /** {@code most} of one client; 0 for any number. */
  ClientConnections(int most) {
    this.most = most;
  }

  /** Counts one more, to be given back by {@link #closed}; false when it is one too many. */
  boolean opened(InetAddress address) {
    if (most == 0) {
      return true;
    }
    Object client = client(address);
    if (open.merge(client, 1, Integer::sum) <= most) {
      return true;
    }
    closed(address);
    refused.incrementAndGet();
    tell(address);
    return false;
  }

  /** One that was counted has ended. */
  void closed(InetAddress address) {
    if (most > 0) {
      open.computeIfPresent(client(address), (client, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Connections that were one too many, since the start. */
  long refused() {
    return refused.get();
  }

  /** One line in ten seconds: a flood must not become one of the log. */
  private void tell(InetAddress address) {
    long now = System.nanoTime();
    long last = logged.get();
    if (now - last >= LOG_NANOS && logged.compareAndSet(last, now)) {
      LOG.warn(
          "{} has {} connections, as many as PORTICO_MAX_CONNECTIONS_PER_CLIENT allows; refused"
              + " so far, of all clients: {}",
          ClientAddress.of(address),
          most,
          refused.get());
    }
  }

  private static Object client(InetAddress address) {
    return address instanceof Inet6Address
        ? (Object) ByteBuffer.wrap(address.getAddress()).getLong()
        : address;
  }
}
