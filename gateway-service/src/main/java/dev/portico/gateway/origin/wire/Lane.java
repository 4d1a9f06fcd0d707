package dev.portico.gateway.origin.wire;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one event loop to one address of one peer, and the requests that wait for one.
 * Idle connections are taken most recently used first, so that those there are too many of grow old
 * and go.
 */
final class Lane {
  private final Peer peer;
  private final InetAddress address;
  private final EventLoop loop;
  private final WireConnector connector;
  private final WireSettings settings;
  private final WireCounts counts;
  private final Deque<Http1Wire> idle = new ArrayDeque<>();
  private final List<Http2Wire> multiplexed = new ArrayList<>(1);
  private final Deque<Lease> waiting = new ArrayDeque<>();
  private int connecting;
  private int open;
  private boolean speaksHttp1;

  Lane(
      Peer peer,
      InetAddress address,
      EventLoop loop,
      WireConnector connector,
      WireSettings settings,
      WireCounts counts) {
    this.peer = peer;
    this.address = address;
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.counts = counts;
    this.speaksHttp1 = !peer.http2();
  }

  WireCounts counts() {
    return counts;
  }

  /**
   * Finds a connection for a request, now or soon.
   *
   * @param fresh whether one that has served before will not do
   */
  void ask(Lease lease, boolean fresh) {
    Wire found = fresh ? null : take();
    if (found != null) {
      lease.ready(found);
    } else if (waiting.size() >= room()) {
      lease.fail(WireFailure.of(WireFailure.Kind.BUSY, "too many requests wait for a connection"));
    } else {
      waiting.addLast(lease);
      lease.startTimer(loop);
      connectForWaiting(lease.timeoutNanos());
    }
  }

  /**
   * How many requests may wait: those that connections which are being opened, or still can be,
   * will serve, and beyond them as many as the settings let wait for another's end.
   */
  private long room() {
    long each = speaksHttp1 ? 1 : Http2Wire.MAX_STREAMS;
    return settings.waiting() + each * Math.max(0, settings.most() - open);
  }

  private @Nullable Wire take() {
    for (Http2Wire wire : multiplexed) {
      if (wire.hasRoom()) {
        return wire;
      }
    }
    long now = System.nanoTime();
    for (Http1Wire wire; (wire = idle.pollFirst()) != null; ) {
      if (wire.usable() && now - wire.idleSince() < settings.idleFor().toNanos()) {
        return wire;
      }
      wire.close();
    }
    return null;
  }

  /** Opens a connection for whoever waits and has none coming; one at a time with HTTP/2. */
  private void connectForWaiting(long timeoutNanos) {
    int wanted = speaksHttp1 ? waiting.size() : Math.min(1, waiting.size());
    if (connecting < wanted && open + connecting < settings.most()) {
      connecting++;
      connector.connect(peer, address, loop, timeoutNanos, this);
    }
  }

  /** A connection over HTTP/1.1 is there. */
  void connected(Http1Wire wire) {
    connecting--;
    opened();
    boolean learnt = !speaksHttp1;
    speaksHttp1 = true;
    serve(wire);
    if (learnt) {
      // Those that waited for room on this connection each need one of their own.
      for (Lease lease : List.copyOf(waiting)) {
        connectForWaiting(lease.timeoutNanos());
      }
    }
  }

  /** A connection over HTTP/2 is there. */
  void connected(Http2Wire wire) {
    connecting--;
    opened();
    multiplexed.add(wire);
    roomOn(wire);
  }

  /** No connection could be made: who waits shares its fate, each with HTTP/1.1 its own. */
  void failed(WireFailure failure) {
    connecting--;
    List<Lease> told = new ArrayList<>();
    do {
      Lease first = waiting.pollFirst();
      if (first != null) {
        told.add(first);
      }
    } while (!speaksHttp1 && !waiting.isEmpty());
    told.forEach(lease -> lease.fail(failure));
  }

  /** A connection is not in use any more. */
  void give(Http1Wire wire) {
    if (!waiting.isEmpty()) {
      serve(wire);
      return;
    }
    idle.addFirst(wire);
    if (idle.size() > settings.idle()) {
      idle.removeLast().close();
    }
  }

  private void serve(Http1Wire wire) {
    Lease next = waiting.pollFirst();
    if (next == null) {
      idle.addFirst(wire);
    } else {
      next.ready(wire);
    }
  }

  /** A connection takes another request. */
  void roomOn(Http2Wire wire) {
    while (wire.hasRoom() && !waiting.isEmpty()) {
      waiting.removeFirst().ready(wire);
    }
    Lease next = waiting.peekFirst();
    if (next != null) {
      connectForWaiting(next.timeoutNanos());
    }
  }

  void closed(Http1Wire wire) {
    idle.remove(wire);
    closed();
  }

  void closed(Http2Wire wire) {
    if (multiplexed.remove(wire)) {
      closed();
    }
  }

  private void opened() {
    open++;
    counts.opened();
  }

  private void closed() {
    open--;
    counts.closed();
    Lease next = waiting.peekFirst();
    if (next != null) {
      connectForWaiting(next.timeoutNanos());
    }
  }

  void forget(Lease lease) {
    waiting.remove(lease);
  }

  /** Whether all connections that may be are there: what is waited for is another's end. */
  boolean full() {
    return open + connecting >= settings.most() && connecting == 0;
  }

  /** Closes what has been idle for too long. */
  void sweep(long now) {
    long most = settings.idleFor().toNanos();
    for (Http1Wire oldest; (oldest = idle.peekLast()) != null; ) {
      if (now - oldest.idleSince() < most) {
        break;
      }
      idle.removeLast().close();
    }
    for (Http2Wire wire : List.copyOf(multiplexed)) {
      if (now - wire.idleSince(now) >= most) {
        wire.drain();
      }
    }
  }

  boolean empty() {
    return open == 0 && connecting == 0 && waiting.isEmpty();
  }
}
