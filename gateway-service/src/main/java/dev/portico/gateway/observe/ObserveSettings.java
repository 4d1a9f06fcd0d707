package dev.portico.gateway.observe;

import io.micronaut.context.annotation.ConfigurationProperties;

/**
 * What is logged about requests.
 *
 * @param accessLog whether a line per request is written to standard output
 * @param accessLogQueue lines that may wait to be written; further ones are counted and dropped, so
 *     that a slow disk or terminal never slows a viewer
 */
@ConfigurationProperties("portico.observe")
public record ObserveSettings(boolean accessLog, int accessLogQueue) {
  /** Checks the values. */
  public ObserveSettings {
    if (accessLogQueue < 1) {
      throw new IllegalArgumentException("portico.observe.access-log-queue is out of range");
    }
  }
}
