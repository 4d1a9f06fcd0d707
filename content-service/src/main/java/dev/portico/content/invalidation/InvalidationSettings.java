package dev.portico.content.invalidation;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How fast invalidations are made: each is a step of the feed that all sites share.
 *
 * @param rate of one site in the long run, per second, 1 to 1,000
 * @param burst how many a site may make at once when it has made none for a while, 1 to 10,000
 */
@Context
@ConfigurationProperties("portico.invalidation")
record InvalidationSettings(
    @Bindable(defaultValue = "10") int rate, @Bindable(defaultValue = "100") int burst) {
  private static final int MOST_RATE = 1_000;
  private static final int MOST_BURST = 10_000;

  /** Refuses what cannot work. */
  InvalidationSettings {
    if (rate < 1 || rate > MOST_RATE) {
      throw new IllegalArgumentException("PORTICO_INVALIDATION_RATE is not between 1 and 1000");
    }
    if (burst < 1 || burst > MOST_BURST) {
      throw new IllegalArgumentException("PORTICO_INVALIDATION_BURST is not between 1 and 10000");
    }
  }
}
