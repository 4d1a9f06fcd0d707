package dev.portico.content.change;

import java.util.Map;

/** Is told what gateways count; the feature that judges by it listens. */
public interface CounterListener {
  /**
   * A gateway has polled. Must return at once: the gateway waits.
   *
   * @param counters by name, as they are in {@link GatewayRegistry} by now
   */
  void counted(Map<String, Long> counters);
}
