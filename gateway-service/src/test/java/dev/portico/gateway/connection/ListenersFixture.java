package dev.portico.gateway.connection;

import dev.portico.gateway.trace.Traces;
import java.time.Duration;

/** The public port over given loops, with whatever handles its exchanges. */
public final class ListenersFixture {
  private ListenersFixture() {}

  /** Opens a free port for clear text. */
  public static PublicListeners open(EventLoops loops, ExchangeHandler handler) {
    PublicListeners listeners =
        new PublicListeners(
            LoopsFixture.settings(1),
            new Http2Limits(128, 200, 2_000, Duration.ofSeconds(30)),
            new TlsSettings("", "", ""),
            loops,
            Traces.OFF,
            handler);
    listeners.start();
    return listeners;
  }
}
