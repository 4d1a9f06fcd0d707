package dev.portico.auth.user;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.auth.password.PasswordForm;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;

/** Bodies of this feature's requests, with Cognito's limits on each field. None prints secrets. */
final class ProfileRequests {
  private ProfileRequests() {}

  /**
   * Changes the password.
   *
   * @param currentPassword in the clear, as TLS protects it
   * @param newPassword in the clear, as TLS protects it
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ChangePassword")
  record ChangePassword(
      @NotBlank @Size(max = 256) String currentPassword,
      @NotBlank
          @Size(max = 256)
          @Pattern(regexp = PasswordForm.REGEX, message = PasswordForm.REASON)
          String newPassword) {
    @Override
    public String toString() {
      return "ChangePassword[...]";
    }
  }

  /**
   * Changes attributes.
   *
   * @param attributes by Cognito's names; an empty value removes one
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ChangeAttributes")
  record ChangeAttributes(
      @NotEmpty @Size(max = 50)
          Map<@NotBlank @Size(max = 32) String, @NotNull @Size(max = 2048) String> attributes) {
    @Override
    public String toString() {
      return "ChangeAttributes[...]";
    }
  }

  /**
   * Changes the address.
   *
   * @param email the new one
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "ChangeEmail")
  record ChangeEmail(@NotBlank @Email @Size(max = 254) String email) {
    @Override
    public String toString() {
      return "ChangeEmail[...]";
    }
  }

  /**
   * Proves the address.
   *
   * @param code the code that was sent to it
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "VerifyEmail")
  record VerifyEmail(@NotBlank @Size(max = 64) String code) {
    @Override
    public String toString() {
      return "VerifyEmail[...]";
    }
  }
}
