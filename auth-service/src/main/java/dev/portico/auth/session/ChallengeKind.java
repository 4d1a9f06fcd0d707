package dev.portico.auth.session;

import dev.portico.auth.error.Problem;
import java.util.Arrays;

/** The challenges that can be answered, in Cognito's words. */
public enum ChallengeKind {
  /** The password was a temporary one. */
  NEW_PASSWORD_REQUIRED,
  /** A code of an authenticator app. */
  SOFTWARE_TOKEN_MFA,
  /** A code sent by e-mail. */
  EMAIL_OTP,
  /** A code sent as a text message. */
  SMS_MFA,
  /** Which of several second factors. */
  SELECT_MFA_TYPE,
  /** A second factor must be set up. */
  MFA_SETUP;

  /** Whether it is answered by a code. */
  public boolean isCode() {
    return this == SOFTWARE_TOKEN_MFA || this == EMAIL_OTP || this == SMS_MFA;
  }

  /**
   * The challenge of that name.
   *
   * @throws Problem 400 if there is none
   */
  static ChallengeKind of(String name) {
    return Arrays.stream(values())
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> Problem.invalid("challenge", "must be one of " + Arrays.toString(values())));
  }
}
