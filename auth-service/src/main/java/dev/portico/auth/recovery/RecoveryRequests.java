package dev.portico.auth.recovery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.auth.password.PasswordForm;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** Bodies of this feature's requests, with Cognito's limits on each field. None prints secrets. */
final class RecoveryRequests {
  private RecoveryRequests() {}

  /**
   * Asks for a code.
   *
   * @param username the name to sign in with
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ForgotPassword")
  record ForgotPassword(@NotBlank @Size(max = 128) String username) {}

  /**
   * Sets another password.
   *
   * @param username the name for which the code was asked
   * @param code the code that was sent
   * @param newPassword in the clear, as TLS protects it
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ResetPassword")
  record ResetPassword(
      @NotBlank @Size(max = 128) String username,
      @NotBlank @Size(max = 64) String code,
      @NotBlank
          @Size(max = 256)
          @Pattern(regexp = PasswordForm.REGEX, message = PasswordForm.REASON)
          String newPassword) {
    @Override
    public String toString() {
      return "ResetPassword[...]";
    }
  }
}
