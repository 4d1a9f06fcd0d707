package dev.portico.auth.session;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of this feature's requests, with Cognito's limits on each field. None prints secrets. */
final class SessionRequests {
  private SessionRequests() {}

  /**
   * Signs in.
   *
   * @param username user name or e-mail address
   * @param password in the clear, as TLS protects it
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "SignIn")
  record SignIn(
      @NotBlank @Size(max = 128) String username, @NotBlank @Size(max = 256) String password) {
    @Override
    public String toString() {
      return "SignIn[...]";
    }
  }

  /**
   * Answers a challenge of the sign-in.
   *
   * @param username {@code parameters.username} of the challenge
   * @param challenge the challenge's name
   * @param session the challenge's session
   * @param responses what was asked for
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ChallengeResponse")
  record Challenge(
      @NotBlank @Size(max = 128) String username,
      @NotBlank @Size(max = 64) String challenge,
      @NotBlank @Size(min = 20, max = 2048) String session,
      @NotNull @Valid Responses responses) {
    @Override
    public String toString() {
      return "Challenge[" + challenge + ']';
    }
  }

  /**
   * What a challenge asks for; only what belongs to it is read.
   *
   * @param newPassword for NEW_PASSWORD_REQUIRED
   * @param attributes for NEW_PASSWORD_REQUIRED: the attributes in {@code
   *     parameters.requiredAttributes}
   * @param code for SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA and MFA_SETUP
   * @param mfaType for SELECT_MFA_TYPE: one of {@code parameters.mfaTypes}
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ChallengeResponses")
  record Responses(
      @Nullable @Size(max = 256) String newPassword,
      @Nullable @Size(max = 50)
          Map<@NotBlank @Size(max = 32) String, @NotNull @Size(max = 2048) String> attributes,
      @Nullable @Size(max = 64) String code,
      @Nullable @Size(max = 64) String mfaType) {
    @Override
    public String toString() {
      return "Responses[...]";
    }
  }

  /**
   * Asks for new tokens.
   *
   * @param refreshToken the refresh token
   * @param username not needed; accepted for clients that send it
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "Refresh")
  record Refresh(
      @NotBlank @Size(max = 8192) String refreshToken, @Nullable @Size(max = 128) String username) {
    @Override
    public String toString() {
      return "Refresh[...]";
    }
  }

  /**
   * Ends sessions.
   *
   * @param refreshToken of the session to end, which is one of the caller's account; not needed,
   *     and not looked at, with {@code everywhere}
   * @param everywhere whether all sessions of the user end
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "SignOut")
  record SignOut(@Nullable @Size(max = 8192) String refreshToken, @Nullable Boolean everywhere) {
    @Override
    public String toString() {
      return "SignOut[...]";
    }
  }
}
