package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A viewer's place in a flight: what of the answer is on its way to it, and whether it has left. It
 * may be told of the answer, and leave, before it knows its subscription.
 */
final class FlightPlace {
  private @Nullable Subscription subscription;
  private int untaken;
  private boolean left;

  /** It is in a flight now. */
  void joined(Subscription joined) {
    subscription = joined;
    if (left) {
      joined.leave();
    } else {
      taken();
    }
  }

  /** So many bytes are on their way to the viewer. */
  void sent(int bytes) {
    untaken += bytes;
  }

  /** What was on its way has gone: there is room for as much again. */
  void taken() {
    Subscription joined = subscription;
    if (joined != null && untaken > 0) {
      int bytes = untaken;
      untaken = 0;
      joined.taken(bytes);
    }
  }

  /** It wants no more of it. */
  void leave() {
    left = true;
    Subscription joined = subscription;
    if (joined != null) {
      joined.leave();
    }
  }

  boolean left() {
    return left;
  }
}
