package dev.portico.gateway.origin.wire;

/** A connection that can take a request now. */
public interface Wire {
  /** Sends a request's head, and the whole of it when it has no body. */
  WireStream open(WireRequest request, WireListener listener);

  /**
   * Whether it has served a request before: the server may be closing it at this moment, as it may
   * close any idle connection.
   */
  boolean reused();
}
