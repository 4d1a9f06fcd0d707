package dev.portico.gateway.trace;

import org.jspecify.annotations.Nullable;

/** One question to another server, as its trace sees it. Called by one thread at a time. */
public interface TracedCall {
  /** One that nobody is told about. */
  TracedCall NONE = () -> null;

  /**
   * The W3C trace context for the other side, by which its part of the trace follows on this one;
   * null: the request's own.
   */
  @Nullable String traceparent();

  /** The other side has answered with this status. */
  default void answered(int status) {}

  /**
   * It is over; called once.
   *
   * @param failure why there is no whole answer, the category of an error; null when there is, or
   *     when nobody wants it any more
   */
  default void ended(@Nullable String failure) {}
}
