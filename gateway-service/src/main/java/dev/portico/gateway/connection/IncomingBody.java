package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Pace;
import dev.portico.gateway.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer sends behind a request's head, on its way to whoever receives it: kept as long as
 * nobody does, which is one read at most, since reading stops meanwhile.
 */
final class IncomingBody {
  private @Nullable Deque<ByteBuf> early;
  private final long length;
  private final @Nullable Pace pace;
  private @Nullable RequestBody receiver;
  private HeaderFields trailers = HeaderFields.NONE;
  private boolean ended;
  private boolean broken;
  private boolean paused;
  private boolean tunnel;
  private long waitingSince;

  private IncomingBody(long length, @Nullable Pace pace, long nanos) {
    this.length = length;
    this.pace = pace;
    this.waitingSince = nanos;
  }

  /**
   * A body of which nothing has come.
   *
   * @param length in bytes; 0 for none, -1 when it is not known
   * @param nanos {@link System#nanoTime()}, as for all methods that take it
   */
  static IncomingBody of(long length, ListenerSettings limits, long nanos) {
    return new IncomingBody(length, length == 0 ? null : limits.bodyPace(), nanos);
  }

  long length() {
    return length;
  }

  boolean ended() {
    return ended;
  }

  /** Hands over what has come, and what will come, which is waited for from now on. */
  void receive(RequestBody newReceiver, long nanos) {
    receiver = newReceiver;
    awaited(nanos);
    for (ByteBuf bytes; (bytes = nextEarly()) != null; ) {
      newReceiver.data(bytes);
    }
    if (ended) {
      newReceiver.end(trailers);
    }
  }

  @Nullable RequestBody receiver() {
    return receiver;
  }

  void pause() {
    paused = true;
  }

  void resume(long nanos) {
    if (paused) {
      paused = false;
      awaited(nanos);
    }
  }

  /** From now on the viewer is waited for: what was before counts for nothing. */
  void awaited(long nanos) {
    waitingSince = nanos;
    if (pace != null) {
      pace.begin(nanos);
    }
  }

  /** So many bytes have come, whether somebody wants them or not. */
  void moved(int bytes, long nanos) {
    waitingSince = nanos;
    if (pace != null) {
      pace.received(bytes);
    }
  }

  /** Whether more of it should be read now. */
  boolean wanted() {
    return !paused && (receiver != null || early == null || early.isEmpty());
  }

  /** Takes over some bytes. */
  void arrived(ByteBuf bytes) {
    if (receiver != null) {
      receiver.data(bytes);
    } else {
      if (early == null) {
        early = new ArrayDeque<>(2);
      }
      early.addLast(bytes);
    }
  }

  /** It is complete; {@code told} is whether its receiver still wants to know. */
  void completed(HeaderFields newTrailers, boolean told) {
    ended = true;
    trailers = newTrailers;
    if (receiver != null && told) {
      receiver.end(newTrailers);
    }
  }

  /** It will never be complete. */
  void breaks() {
    broken = true;
  }

  /** From now on it is what a viewer sends in a tunnel, which has no time limit of its own. */
  void becomeTunnel() {
    tunnel = true;
    ended = false;
  }

  /**
   * For how long the viewer has not sent what is waited for, in nanoseconds.
   *
   * @param drained whether the rest is read though nobody wants it
   */
  long silence(long now, boolean drained) {
    return isAwaited(drained) ? now - waitingSince : 0;
  }

  /**
   * Whether the viewer sends what is waited for, and has sent too little of it for too long.
   *
   * @param drained whether the rest is read though nobody wants it
   */
  boolean trickles(long now, boolean drained) {
    return pace != null && isAwaited(drained) && pace.tooSlow(now);
  }

  private boolean isAwaited(boolean drained) {
    boolean incomplete = length != 0 && !ended && !broken && !tunnel;
    return incomplete && (drained || (receiver != null && !paused));
  }

  void release() {
    for (ByteBuf bytes; (bytes = nextEarly()) != null; ) {
      bytes.release();
    }
  }

  private @Nullable ByteBuf nextEarly() {
    return early == null ? null : early.pollFirst();
  }
}
