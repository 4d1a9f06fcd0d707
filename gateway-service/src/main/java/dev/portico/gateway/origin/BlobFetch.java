package dev.portico.gateway.origin;

/** A fetch under way. Call its methods on the event loop that it was started on. */
public interface BlobFetch {
  /** Stops reading from content-service; data already read may still arrive (64 KiB at most). */
  void pause();

  /** Reads on after {@link #pause()}. */
  void resume();

  /** Gives up: the receiver hears nothing more and the connection is closed. */
  void cancel();
}
