package dev.portico.gateway.cache.collapse;

/** A user's place in a flight; called on the user's event loop. */
public interface Subscription {
  /** So many bytes have gone on to the viewer, and there is room for as many more. */
  void taken(int bytes);

  /** The user has gone; what is still told to it is void. */
  void leave();
}
