package dev.portico.auth.session;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Either the tokens of a session, or a challenge to be answered first.
 *
 * @param accessToken for APIs, as Authorization: Bearer
 * @param idToken who the user is
 * @param refreshToken for new tokens
 * @param expiresIn life of the access token, in seconds
 * @param tokenType always Bearer
 * @param challenge what is asked for, in Cognito's words: NEW_PASSWORD_REQUIRED,
 *     SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA, SELECT_MFA_TYPE or MFA_SETUP
 * @param session to be sent back with the challenge's answer
 * @param parameters of the challenge
 */
@Serdeable
@Schema(name = "SignInAnswer")
record SignInAnswer(
    @Nullable String accessToken,
    @Nullable String idToken,
    @Nullable String refreshToken,
    @Nullable Integer expiresIn,
    @Nullable String tokenType,
    @Nullable String challenge,
    @Nullable String session,
    @Nullable Parameters parameters) {

  /**
   * What a challenge comes with.
   *
   * @param username to be sent back with the answer
   * @param requiredAttributes attributes that the answer must hold
   * @param mfaTypes second factors that can be chosen, or set up
   * @param destination where a code was sent, mostly hidden
   */
  @Serdeable
  @Schema(name = "ChallengeParameters")
  record Parameters(
      String username,
      List<String> requiredAttributes,
      @Nullable List<String> mfaTypes,
      @Nullable String destination) {}

  static SignInAnswer of(Tokens tokens) {
    return new SignInAnswer(
        tokens.accessToken(),
        tokens.idToken(),
        tokens.refreshToken(),
        tokens.expiresIn(),
        "Bearer",
        null,
        null,
        null);
  }

  static SignInAnswer of(SignInOutcome.NewPasswordRequired challenge) {
    return of(
        ChallengeKind.NEW_PASSWORD_REQUIRED,
        challenge.session(),
        new Parameters(challenge.username(), challenge.requiredAttributes(), null, null));
  }

  static SignInAnswer of(SignInOutcome.FactorRequired challenge) {
    return of(
        challenge.kind(),
        challenge.session(),
        new Parameters(
            challenge.username(),
            List.of(),
            challenge.factors().isEmpty() ? null : challenge.factors(),
            challenge.destination()));
  }

  private static SignInAnswer of(ChallengeKind kind, String session, Parameters parameters) {
    return new SignInAnswer(null, null, null, null, null, kind.name(), session, parameters);
  }

  @Override
  public String toString() {
    return "SignInAnswer[...]";
  }
}
