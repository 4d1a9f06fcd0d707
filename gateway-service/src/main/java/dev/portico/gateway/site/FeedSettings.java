package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How content-service is asked about sites; where it is, {@code portico.origin} says.
 *
 * @param pollWait how long one question for changes may wait for an answer
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long it may say nothing while it answers anything else
 */
@ConfigurationProperties("portico.feed")
public record FeedSettings(
    @Bindable(defaultValue = "5s") Duration pollWait,
    @Bindable(defaultValue = "2s") Duration connectTimeout,
    @Bindable(defaultValue = "15s") Duration readTimeout) {
  /** Refuses what cannot work. */
  public FeedSettings {
    if (!pollWait.isPositive() || !connectTimeout.isPositive() || !readTimeout.isPositive()) {
      throw new IllegalArgumentException("portico.feed: times must be positive");
    }
  }
}
