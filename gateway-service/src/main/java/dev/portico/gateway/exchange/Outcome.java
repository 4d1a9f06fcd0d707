package dev.portico.gateway.exchange;

import java.util.Locale;

/** How a response came about, for the access log and metrics. */
public enum Outcome {
  /** From bytes the gateway held. */
  HIT,
  /** From bytes it had to fetch first. */
  MISS,
  /** From bytes it held, past their time, as their origin allows. */
  STALE,
  /** From bytes it held, after the origin said that they still hold. */
  REVALIDATED,
  /** Passed on from a site's origin: the cache was not asked, or could not keep the answer. */
  PASS,
  /** Passed on from a service of Portico's own. */
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
