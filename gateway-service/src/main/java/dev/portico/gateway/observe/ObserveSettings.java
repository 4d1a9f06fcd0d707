package dev.portico.gateway.observe;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * What is logged beside the service's own lines.
 *
 * @param accessLog whether a line per request is written to standard output
 * @param accessLogQueue lines that may wait to be written; further ones are counted and dropped, so
 *     that a slow disk or terminal never slows a viewer
 * @param metricsLogInterval between lines with what the gauges show; zero: there are none
 */
@ConfigurationProperties("portico.observe")
public record ObserveSettings(boolean accessLog, int accessLogQueue, Duration metricsLogInterval) {
  /** Checks the values. */
  public ObserveSettings {
    if (accessLogQueue < 1) {
      throw new IllegalArgumentException("portico.observe.access-log-queue is out of range");
    }
    if (metricsLogInterval.isNegative()) {
      throw new IllegalArgumentException("portico.observe.metrics-log-interval is out of range");
    }
  }
}
