package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a flight. Told on its own event loop, of one of: a response that streams
 * ({@link #begin}, then data, then {@link #end} or {@link #failed}), one that is held, a failure,
 * or that it must help itself.
 */
public interface FlightUser {
  /** How a held response became the answer. */
  enum Held {
    /** The origin said that it still holds. */
    VALIDATED,
    /** The origin failed. */
    IN_NEED,
    /** It was just made, to be fetched in slices. */
    SLICED
  }

  /** The request. */
  ViewerRequest request();

  /** Where it is told. */
  EventLoop loop();

  /**
   * The origin has answered this user's own request in the interim, like 103 Early Hints. Not told
   * to those who wait for another's answer: nobody knows yet whether it is theirs.
   */
  default void informed(int status, HeaderFields fields) {}

  /** A response begins; what of it comes as data is said there. */
  void begin(Arrival arrival);

  /**
   * Some of the body; the user owns the buffer. To be followed by {@link Subscription#taken} once
   * there is room for more.
   */
  void data(ByteBuf bytes);

  /** All that was announced has come. */
  void end();

  /** No answer, or no whole one. */
  void failed(EdgeException failure);

  /**
   * The answer is one that was held.
   *
   * @param body all of its body; the user owns the buffer
   */
  void held(StoredEntry entry, ByteBuf body, Held how);

  /**
   * Look again in the cache, and fly again if need be.
   *
   * @param rule what the origin is known to look at; null for nothing new
   */
  void again(@Nullable VaryRule rule);

  /** Ask the origin alone: its answers are for one request each. */
  void alone();
}
