package dev.portico.auth.user;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An account as the user pool keeps it.
 *
 * @param username the pool's name of the user
 * @param factors second factors that are in use, by Cognito's names
 * @param attributes standard and custom attributes by Cognito's names, such as {@code email}
 */
public record UserProfile(String username, List<String> factors, Map<String, String> attributes) {
  /** Keeps a copy. */
  public UserProfile {
    factors = List.copyOf(factors);
    attributes = Map.copyOf(attributes);
  }

  /** The attributes that are told by no name of their own, in the order of their names. */
  Map<String, String> others() {
    var others = new TreeMap<>(attributes);
    others.keySet().removeAll(Set.of("sub", "email", "email_verified"));
    others.keySet().removeIf(name -> name.startsWith("cognito:"));
    return others;
  }
}
