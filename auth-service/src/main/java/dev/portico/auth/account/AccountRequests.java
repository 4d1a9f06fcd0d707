package dev.portico.auth.account;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Bodies of this feature's requests, with Cognito's limits on each field. */
final class AccountRequests {
  private AccountRequests() {}

  /**
   * Asks for an account.
   *
   * @param username the name to sign in with, usually the e-mail address
   * @param password in the clear, as TLS protects it
   * @param email where the code goes, if username is not an e-mail address
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "SignUp")
  record SignUp(
      @NotBlank @Size(max = 128) String username,
      @NotBlank @Size(max = 256) String password,
      @Email @Size(max = 254) @Nullable String email) {
    /** Without the password, since what is printed may be logged. */
    @Override
    public String toString() {
      return "SignUp[...]";
    }
  }

  /**
   * Confirms an account.
   *
   * @param username the name of the sign-up
   * @param code the code that was sent
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "Confirm")
  record Confirm(
      @NotBlank @Size(max = 128) String username, @NotBlank @Size(max = 64) String code) {
    /** Without the code, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Confirm[...]";
    }
  }

  /**
   * Asks for another code.
   *
   * @param username the name of the sign-up
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "Resend")
  record Resend(@NotBlank @Size(max = 128) String username) {}
}
