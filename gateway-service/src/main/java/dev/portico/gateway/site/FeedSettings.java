package dev.portico.gateway.site;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How content-service is asked about sites; where it is, {@code portico.origin} says.
 *
 * @param pollWait how long one question for changes may wait for an answer; a third of the lease
 *     that content-service promises at most
 * @param connectTimeout how long a connection may take
 * @param readTimeout how long it may say nothing while it answers anything else
 * @param answerTimeout how long one answer may take as a whole, however steadily it trickles; for
 *     changes the waiting comes on top
 */
@ConfigurationProperties("portico.feed")
public record FeedSettings(
    Duration pollWait, Duration connectTimeout, Duration readTimeout, Duration answerTimeout) {
  /** Refuses what cannot work. */
  public FeedSettings {
    check(pollWait, "POLL_WAIT");
    check(connectTimeout, "CONNECT_TIMEOUT");
    check(readTimeout, "READ_TIMEOUT");
    check(answerTimeout, "ANSWER_TIMEOUT");
  }

  private static void check(Duration time, String name) {
    if (!time.isPositive()) {
      throw new IllegalArgumentException("PORTICO_FEED_" + name + " must be positive");
    }
  }
}
