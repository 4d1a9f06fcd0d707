package dev.portico.auth.administration;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An account to be made.
 *
 * @param username the name to sign in with, usually the e-mail address
 * @param attributes by Cognito's names, {@code email} among them
 * @param temporaryPassword null for one that the pool makes up
 * @param invited whether the pool mails it
 */
public record NewUser(
    String username,
    Map<String, String> attributes,
    @Nullable String temporaryPassword,
    boolean invited) {
  /** Keeps a copy. */
  public NewUser {
    attributes = Map.copyOf(attributes);
  }

  /** Without the password, since what is printed may be logged. */
  @Override
  public String toString() {
    return "NewUser[...]";
  }
}
