package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.convert.format.ReadableBytes;
import java.time.Duration;

/**
 * What a gateway that starts fetches before viewers are sent to it.
 *
 * @param size bytes at most; 0 for nothing, and then it does not tell others what is hot either
 * @param timeout how long that may keep it from being ready
 * @param interval between the times when a gateway tells what is hot, on average
 */
@ConfigurationProperties("portico.warm-up")
public record WarmUpSettings(@ReadableBytes long size, Duration timeout, Duration interval) {
  /** Refuses what cannot work. */
  public WarmUpSettings {
    if (size < 0) {
      throw new IllegalArgumentException("PORTICO_WARM_UP_SIZE must not be negative");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("PORTICO_WARM_UP_TIMEOUT must be positive");
    }
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("PORTICO_WARM_UP_INTERVAL must be positive");
    }
  }
}
