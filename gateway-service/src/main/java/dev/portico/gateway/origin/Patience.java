package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.Pace;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long an origin may keep a request waiting. Silence counts against it only while it is its
 * turn: not while the viewer does not read, or has not sent what the origin waits for.
 */
final class Patience {
  /** What a tunnel may be silent, where an origin's own time is shorter (as CloudFront's). */
  private static final long TUNNEL_IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** Whose move it is. */
  enum Turn {
    /** The viewer's: nothing is counted. */
    VIEWER,
    /** The origin's, to send a head. */
    HEAD,
    /** The origin's, to send a body or to take one. */
    BODY,
    /** Anybody's: a tunnel. */
    TUNNEL
  }

  private final EventLoop loop;
  private final HttpOrigin origin;
  private final Pace pace;
  private final Supplier<Turn> turn;
  private final Consumer<String> tooLong;
  private @Nullable ScheduledFuture<?> timer;
  private long movedNanos = System.nanoTime();

  /**
   * Starts no timer yet.
   *
   * @param turn whose move it is at the moment
   * @param tooLong is told, once, why it took too long
   */
  Patience(EventLoop loop, Target target, Supplier<Turn> turn, Consumer<String> tooLong) {
    this.loop = loop;
    this.origin = target.origin();
    this.pace = new Pace(target.leastRate(), origin.idleTimeout().toNanos());
    this.turn = turn;
    this.tooLong = tooLong;
  }

  /** Something moved. */
  void moved() {
    movedNanos = System.nanoTime();
  }

  /** The body begins, or reading it goes on. */
  void bodyBegins() {
    moved();
    pace.begin(movedNanos);
  }

  /** Some bytes of the body have come. */
  void received(int bytes) {
    pace.received(bytes);
  }

  /** Watches from here, or from a change of turn, on. */
  void watch() {
    stop();
    long left = limitNanos(turn.get()) - (System.nanoTime() - movedNanos);
    timer = loop.schedule(this::check, Math.max(1_000_000, left), TimeUnit.NANOSECONDS);
  }

  /** Watches no more. */
  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private long limitNanos(Turn whose) {
    return switch (whose) {
      case HEAD -> origin.firstByteTimeout().toNanos();
      case VIEWER, BODY -> origin.idleTimeout().toNanos();
      case TUNNEL -> Math.max(TUNNEL_IDLE_NANOS, origin.idleTimeout().toNanos());
    };
  }

  private void check() {
    Turn whose = turn.get();
    long now = System.nanoTime();
    if (whose == Turn.VIEWER) {
      bodyBegins();
    } else if (now - movedNanos >= limitNanos(whose)) {
      timer = null;
      tooLong.accept(whose == Turn.HEAD ? "no answer" : "nothing moves");
      return;
    } else if (whose == Turn.BODY && pace.tooSlow(now)) {
      timer = null;
      tooLong.accept("sends too slowly");
      return;
    }
    watch();
  }
}
