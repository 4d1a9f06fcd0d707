package dev.portico.auth.limit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;

/**
 * The limits. Checked at start.
 *
 * @param attemptsPerAccount passwords and codes tried for one account in a period; 0 = no limit
 * @param attemptsPerAddress the same from one address, for any account, and refresh tokens; 0 = no
 *     limit
 * @param attemptsPeriod their period
 * @param messagesPerAccount messages asked for one account in a period; 0 = no limit
 * @param messagesPerAddress the same from one address; 0 = no limit
 * @param messagesPeriod their period
 */
@Context
@ConfigurationProperties("portico.limit")
public record LimitSettings(
    int attemptsPerAccount,
    int attemptsPerAddress,
    Duration attemptsPeriod,
    int messagesPerAccount,
    int messagesPerAddress,
    Duration messagesPeriod) {
  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public LimitSettings {
    notNegative("PORTICO_LIMIT_ATTEMPTS_PER_ACCOUNT", attemptsPerAccount);
    notNegative("PORTICO_LIMIT_ATTEMPTS_PER_ADDRESS", attemptsPerAddress);
    notNegative("PORTICO_LIMIT_MESSAGES_PER_ACCOUNT", messagesPerAccount);
    notNegative("PORTICO_LIMIT_MESSAGES_PER_ADDRESS", messagesPerAddress);
    period("PORTICO_LIMIT_ATTEMPTS_PERIOD", attemptsPeriod);
    period("PORTICO_LIMIT_MESSAGES_PERIOD", messagesPeriod);
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative; 0 means no limit");
    }
  }

  private static void period(String name, Duration value) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + " must be between 1s and 24h");
    }
  }
}
