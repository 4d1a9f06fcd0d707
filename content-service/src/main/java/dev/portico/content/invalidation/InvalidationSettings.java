package dev.portico.content.invalidation;

import static dev.portico.content.SettingBounds.requireWithin;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;

/**
 * How fast invalidations are made: each is a step of the feed that all sites share.
 *
 * @param rate of one site in the long run, per second, 1 to 1,000
 * @param burst how many a site may make at once when it has made none for a while, 1 to 10,000
 */
@Context
@ConfigurationProperties("portico.invalidation")
record InvalidationSettings(int rate, int burst) {
  private static final int MOST_RATE = 1_000;
  private static final int MOST_BURST = 10_000;

  /** Refuses what cannot work. */
  InvalidationSettings {
    requireWithin("PORTICO_INVALIDATION_RATE", rate, 1, MOST_RATE);
    requireWithin("PORTICO_INVALIDATION_BURST", burst, 1, MOST_BURST);
  }
}
