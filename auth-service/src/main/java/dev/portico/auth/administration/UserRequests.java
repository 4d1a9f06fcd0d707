package dev.portico.auth.administration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of this feature's requests, with Cognito's limits on each field. */
final class UserRequests {
  private UserRequests() {}

  /**
   * Makes an account.
   *
   * @param username the name to sign in with, usually the e-mail address
   * @param email if username is no e-mail address
   * @param emailVerified whether the address is taken for proven; by default it is
   * @param attributes others, by Cognito's names
   * @param temporaryPassword to be changed at the first sign-in; by default the pool makes one up
   * @param invitation whether the pool mails it; by default it does
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "CreateUser")
  record Create(
      @NotBlank @Size(max = 128) String username,
      @Email @Size(max = 254) @Nullable String email,
      @Nullable Boolean emailVerified,
      @Nullable @Size(max = 50)
          Map<@NotBlank @Size(max = 32) String, @NotNull @Size(max = 2048) String> attributes,
      @Nullable @Size(max = 256) String temporaryPassword,
      @Nullable Boolean invitation) {
    NewUser user() {
      var all = new LinkedHashMap<String, String>();
      if (attributes != null) {
        all.putAll(attributes);
      }
      String address = email == null && username.contains("@") ? username : email;
      if (address != null) {
        all.put("email", address);
        all.put("email_verified", Boolean.toString(!Boolean.FALSE.equals(emailVerified)));
      }
      return new NewUser(username, all, temporaryPassword, !Boolean.FALSE.equals(invitation));
    }

    /** Without the password, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Create[...]";
    }
  }
}
