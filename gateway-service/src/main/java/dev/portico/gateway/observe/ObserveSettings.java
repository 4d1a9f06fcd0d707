package dev.portico.gateway.observe;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * What is logged beside the service's own lines.
 *
 * @param accessLog {@code true} when a line per request is written to standard output, or {@code
 *     false}; text, since the framework takes all that is not true for false
 * @param accessLogQueue lines that may wait to be written; further ones are counted and dropped, so
 *     that a slow disk or terminal never slows a viewer
 * @param metricsLogInterval between lines with what the gauges show; zero: there are none
 */
@ConfigurationProperties("portico.observe")
public record ObserveSettings(String accessLog, int accessLogQueue, Duration metricsLogInterval) {
  /** Checks the values. */
  public ObserveSettings {
    if (!accessLog.equals("true") && !accessLog.equals("false")) {
      throw new IllegalArgumentException("PORTICO_ACCESS_LOG must be true or false");
    }
    if (accessLogQueue < 1) {
      throw new IllegalArgumentException("PORTICO_ACCESS_LOG_QUEUE must be at least 1");
    }
    if (metricsLogInterval.isNegative()) {
      throw new IllegalArgumentException("PORTICO_METRICS_LOG_INTERVAL must not be negative");
    }
  }

  /** Whether there is an access log. */
  boolean logsAccess() {
    return accessLog.equals("true");
  }
}
