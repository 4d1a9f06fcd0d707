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
 * @param challenge what is asked for, in Cognito's words: NEW_PASSWORD_REQUIRED
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
   */
  @Serdeable
  @Schema(name = "ChallengeParameters")
  record Parameters(String username, List<String> requiredAttributes) {}

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
    return new SignInAnswer(
        null,
        null,
        null,
        null,
        null,
        SessionAnswers.NEW_PASSWORD_REQUIRED,
        challenge.session(),
        new Parameters(challenge.username(), challenge.requiredAttributes()));
  }

  @Override
  public String toString() {
    return "SignInAnswer[...]";
  }
}
