package dev.portico.auth.credentials;

import java.util.Optional;

/** What this feature needs of an identity pool. */
public interface CredentialsAuthority {
  /** Whether there is one. */
  boolean offered();

  /**
   * Credentials of the role that the identity pool gives to the owner of an ID token. Throws a 401
   * problem if the access token has been revoked: identity pools take ID tokens until they expire,
   * whatever was ended.
   *
   * @return empty if the token is not valid, or no role is given
   */
  Optional<TemporaryCredentials> exchange(String accessToken, String idToken);
}
