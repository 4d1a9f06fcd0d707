package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For how long a viewer may keep an HTTP/1 connection waiting: with its next request, the rest of a
 * head or a body, or by not taking what is written. Looks every now and then; one timer a
 * connection and none a request. Lives on the connection's event loop.
 */
final class Http1Patience {
  private final Http1Connection connection;
  private final Channel channel;
  private final Listener listener;
  private long waitingSince = System.nanoTime();
  private long unsent;
  private @Nullable ScheduledFuture<?> next;

  Http1Patience(Http1Connection connection, Channel channel, Listener listener) {
    this.connection = connection;
    this.channel = channel;
    this.listener = listener;
  }

  /** Looks again, and again, until the channel is closed. */
  void watch() {
    next = channel.eventLoop().schedule(this::look, listener.checkNanos(), TimeUnit.NANOSECONDS);
  }

  /** From now on the connection waits for something else than before. */
  void waits() {
    waitingSince = System.nanoTime();
  }

  /**
   * Looks no more. A look that is still to come would keep all that the connection was made of: of
   * those that come and go quickly, thousands.
   */
  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }

  private void look() {
    if (!channel.isActive()) {
      return;
    }
    if (inTime(System.nanoTime())) {
      watch();
    } else {
      channel.close();
    }
  }

  /** Acts on what has taken too long; false when the connection is to be closed at once. */
  private boolean inTime(long now) {
    Http1Exchange current = connection.exchange();
    ListenerSettings limits = listener.settings();
    if (connection.closing()) {
      noteProgress(now);
      return now - waitingSince <= limits.writeTimeout().toNanos();
    }
    return current == null ? betweenRequests(limits, now) : within(current, limits, now);
  }

  private boolean betweenRequests(ListenerSettings limits, long now) {
    noteProgress(now);
    long waited = now - waitingSince;
    if (connection.partialHead() && waited > limits.headerTimeout().toNanos()) {
      connection.headTooSlow(now);
      return true;
    }
    return waited <= limits.idleTimeout().toNanos();
  }

  private boolean within(Http1Exchange current, ListenerSettings limits, long now) {
    if (current.writeSilence(now) > limits.writeTimeout().toNanos()) {
      current.timeline().error(EdgeError.VIEWER_TOO_SLOW.category());
      return false;
    }
    if (current.bodyTooSlow(now, limits)) {
      if (current.ended()) {
        connection.closeAfterWrites();
      } else {
        current.closeAfterwards();
        current.breakBody(EdgeError.REQUEST_TIMEOUT);
      }
    }
    return true;
  }

  /** A response that is handed over may still be on its way for long: that is not idleness. */
  private void noteProgress(long now) {
    long left = UnsentBytes.of(channel);
    if (left != unsent) {
      unsent = left;
      waitingSince = now;
    }
  }
}
