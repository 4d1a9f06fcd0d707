package dev.portico.auth.user;

import java.util.Map;

/**
 * An account as the user pool keeps it.
 *
 * @param username the pool's name of the user
 * @param attributes standard and custom attributes by Cognito's names, such as {@code email}
 */
public record UserProfile(String username, Map<String, String> attributes) {
  /** Keeps a copy. */
  public UserProfile {
    attributes = Map.copyOf(attributes);
  }
}
