package dev.portico.gateway.exchange;

/** Is told what the viewer of an exchange does. */
public interface ViewerListener {
  /** Hears nothing. */
  ViewerListener NONE = new ViewerListener() {};

  /** The viewer takes bytes again. */
  default void writable() {}

  /** The viewer has gone, or was cut off; nothing can be sent any more. */
  default void gone() {}

  /**
   * The viewer has closed its sending side after a complete request: it has gone, or it only waits
   * for the response; which of them shows at the next write.
   */
  default void inputClosed() {}
}
