package dev.portico.auth.signin;

import static dev.portico.auth.SettingBounds.requireWithin;

import dev.portico.auth.SettingBounds;
import dev.portico.auth.revocation.Revocations;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;

/**
 * How long a sign-in lasts. Checked at start.
 *
 * @param idle how long it may be unused
 * @param longest how long it may last at all; Cognito's own limit is the refresh token's life
 */
@Context
@ConfigurationProperties("portico.session")
public record SignInSettings(Duration idle, Duration longest) {
  private static final Duration SHORTEST = Duration.ofMinutes(5);

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public SignInSettings {
    requireWithin("PORTICO_SESSION_LONGEST", longest, SHORTEST, Revocations.LONGEST_SIGN_IN);
    if (idle.compareTo(SHORTEST) < 0 || idle.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "PORTICO_SESSION_IDLE must be between 5m and PORTICO_SESSION_LONGEST ("
              + SettingBounds.text(longest)
              + "), and is "
              + SettingBounds.text(idle));
    }
  }

  /** By how much the time of the last use may lag behind, so that not each use is written. */
  Duration lag() {
    return idle.dividedBy(16);
  }
}
