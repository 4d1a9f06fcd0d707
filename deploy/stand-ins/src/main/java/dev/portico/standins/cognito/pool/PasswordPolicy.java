package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.standins.cognito.protocol.CognitoException;

/**
 * A pool's <a
 * href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html">password
 * policy</a>, over the policy document.
 *
 * @param document {@code Policies.PasswordPolicy} of the pool, complete
 */
record PasswordPolicy(JsonNode document) {
  /** The special characters that Cognito counts, by its documentation; space only inside. */
  private static final String SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

  void check(String password) {
    if (password.length() > 256 || password.isEmpty()) {
      throw refused("Password must have between 1 and 256 characters");
    }
    if (password.length() < document.path("MinimumLength").asInt(8)) {
      throw refused("Password not long enough");
    }
    require("RequireUppercase", password.chars().anyMatch(c -> c >= 'A' && c <= 'Z'), "uppercase");
    require("RequireLowercase", password.chars().anyMatch(c -> c >= 'a' && c <= 'z'), "lowercase");
    require("RequireNumbers", password.chars().anyMatch(c -> c >= '0' && c <= '9'), "numeric");
    require(
        "RequireSymbols",
        password.strip().chars().anyMatch(c -> SYMBOLS.indexOf(c) >= 0),
        "symbol");
  }

  private void require(String rule, boolean satisfied, String kind) {
    if (document.path(rule).asBoolean(true) && !satisfied) {
      throw refused("Password must have " + kind + " characters");
    }
  }

  private static CognitoException refused(String reason) {
    return CognitoException.of(
        "InvalidPasswordException", "Password did not conform with policy: " + reason);
  }
}
