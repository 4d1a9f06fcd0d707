package dev.portico.standins.cognito.signin;

import dev.portico.standins.cognito.protocol.CognitoException;
import java.util.Map;

/** Reads what a client sends as AuthParameters or ChallengeResponses. */
final class Answers {
  private Answers() {}

  static String required(Map<String, String> values, String name) {
    var value = values.get(name);
    if (value == null || value.isEmpty()) {
      throw CognitoException.invalidParameter("Missing required parameter " + name);
    }
    return value;
  }
}
