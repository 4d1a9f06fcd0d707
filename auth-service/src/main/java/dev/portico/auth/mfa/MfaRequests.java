package dev.portico.auth.mfa;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Bodies of this feature's requests, with Cognito's limits on each field. None prints secrets. */
final class MfaRequests {
  private MfaRequests() {}

  /**
   * Proves that the secret is in an app.
   *
   * @param code the code that the app shows
   * @param device a name for the device, shown at sign-in
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "VerifyTotp")
  record Verify(@NotBlank @Size(max = 64) String code, @Nullable @Size(max = 100) String device) {
    @Override
    public String toString() {
      return "Verify[...]";
    }
  }

  /**
   * Asks for a secret while signing in.
   *
   * @param username what the app is to show, and what tries are counted by: the name as it was
   *     typed
   * @param session the challenge's session
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "SetUpTotp")
  record SetUp(
      @NotBlank @Size(max = 128) String username,
      @NotBlank @Size(min = 20, max = 2048) String session) {
    @Override
    public String toString() {
      return "SetUp[...]";
    }
  }
}
