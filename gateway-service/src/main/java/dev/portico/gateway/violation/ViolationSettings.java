package dev.portico.gateway.violation;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How browsers' reports are handed over.
 *
 * @param interval from one time to the next, on average; what was counted since is lost when the
 *     gateway dies
 */
@ConfigurationProperties("portico.csp-reports")
public record ViolationSettings(Duration interval) {
  /** Refuses what cannot work. */
  public ViolationSettings {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("PORTICO_CSP_REPORTS_INTERVAL must be positive");
    }
  }
}
