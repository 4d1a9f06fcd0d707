package dev.portico.gateway.exchange;

import java.util.Locale;

/** How a response came about, for the access log and metrics. */
public enum Outcome {
  /** From bytes the gateway held. */
  HIT,
  /** From bytes it had to fetch first. */
  MISS,
  /** Passed on from a service. */
  PROXY,
  /** Made by the gateway: a redirect, a 304, an answer to OPTIONS. */
  LOCAL,
  /** An error that the gateway found. */
  ERROR;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The outcome in lower case, as logs and metrics show it. */
  public String label() {
    return label;
  }
}
