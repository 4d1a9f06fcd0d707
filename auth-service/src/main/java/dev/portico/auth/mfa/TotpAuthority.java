package dev.portico.auth.mfa;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this feature needs of the user pool. Calls by an access token throw a 401 problem if it has
 * been revoked.
 */
public interface TotpAuthority {
  /**
   * A new secret for somebody signed in.
   *
   * @return empty if the pool has no authenticator apps
   */
  Optional<TotpSecret> associate(String accessToken);

  /**
   * A new secret for a sign-in that demands one.
   *
   * @param username whose sign-in it is
   * @param session of the challenge MFA_SETUP
   * @return empty if the session is wrong, used or expired
   */
  Optional<TotpSecret> associate(String username, String session);

  /**
   * Proves that the secret is in an app, and has its codes asked for at sign-in.
   *
   * @param device the device's name, or null
   * @return false if the code is wrong, or no secret waits for one
   */
  boolean verify(String accessToken, String code, @Nullable String device);

  /** Has no codes asked for any more, unless the pool demands them of everybody. */
  void remove(String accessToken);
}
