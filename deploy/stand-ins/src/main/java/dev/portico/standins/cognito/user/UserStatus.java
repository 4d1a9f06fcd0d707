package dev.portico.standins.cognito.user;

/** A user's status, in Cognito's words. */
public enum UserStatus {
  /** Signed up, the code not yet entered. */
  UNCONFIRMED,
  /** In order. */
  CONFIRMED,
  /** Must choose another password through the code that was sent. */
  RESET_REQUIRED,
  /** Has a temporary password. */
  FORCE_CHANGE_PASSWORD,
  /** Is proven by another identity provider, and has no password. */
  EXTERNAL_PROVIDER
}
