package dev.portico.standins.cognito.user;

/**
 * A code that was sent to a user.
 *
 * @param value six digits
 * @param expires in milliseconds since the epoch
 * @param failures how often a wrong one was entered
 */
record Code(String value, long expires, int failures) {
  Code failed() {
    return new Code(value, expires, failures + 1);
  }
}
