package dev.portico.auth.user;

import java.util.Map;

/**
 * What changing one's own account needs of the user pool. Each throws a 401 problem if the access
 * token has been revoked, or the account cannot be used any more.
 */
public interface ProfileDirectory {
  /** Changes the password. Other sessions go on. */
  ProfileOutcome changePassword(String accessToken, String currentPassword, String newPassword);

  /**
   * Changes attributes, all or none.
   *
   * @param attributes by Cognito's names; an empty value removes one
   */
  ProfileOutcome changeAttributes(String accessToken, Map<String, String> attributes);

  /** Changes the address, and has a code sent to the new one. */
  ProfileOutcome changeEmail(String accessToken, String email);

  /** Has another code sent to the address that waits for proof. */
  ProfileOutcome sendEmailCode(String accessToken);

  /** Proves the address by its code. */
  ProfileOutcome verifyEmail(String accessToken, String code);

  /** Deletes the account. */
  void delete(String accessToken);
}
