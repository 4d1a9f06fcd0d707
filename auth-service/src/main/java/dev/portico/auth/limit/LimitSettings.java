package dev.portico.auth.limit;

import static dev.portico.auth.SettingBounds.requireWithin;

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
 * @param answerStep answers that must not tell whether there is an account are held until a
 *     multiple of it, up to 5 s; 0 = no answer is held
 */
@Context
@ConfigurationProperties("portico.limit")
public record LimitSettings(
    int attemptsPerAccount,
    int attemptsPerAddress,
    Duration attemptsPeriod,
    int messagesPerAccount,
    int messagesPerAddress,
    Duration messagesPeriod,
    Duration answerStep) {
  private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

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
    requireWithin("PORTICO_LIMIT_ANSWER_STEP", answerStep, Duration.ZERO, LONGEST_STEP);
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          name + " must not be negative (0 means no limit), and is " + value);
    }
  }

  private static void period(String name, Duration value) {
    requireWithin(name, value, Duration.ofSeconds(1), Duration.ofDays(1));
  }
}
