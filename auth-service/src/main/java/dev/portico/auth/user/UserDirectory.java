package dev.portico.auth.user;

import java.util.Optional;

/** What this feature needs of the user pool. */
public interface UserDirectory {
  /**
   * The account of an access token that was verified.
   *
   * @return empty if the token has been revoked, or the account is no more
   */
  Optional<UserProfile> find(String accessToken);
}
