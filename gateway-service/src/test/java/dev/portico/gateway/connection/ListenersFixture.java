package dev.portico.gateway.connection;

/** The public port over given loops, with whatever handles its exchanges. */
public final class ListenersFixture {
  private ListenersFixture() {}

  /** Opens a free port for clear text. */
  public static PublicListeners open(EventLoops loops, ExchangeHandler handler) {
    PublicListeners listeners =
        new PublicListeners(LoopsFixture.settings(1), new TlsSettings("", "", ""), loops, handler);
    listeners.start();
    return listeners;
  }
}
