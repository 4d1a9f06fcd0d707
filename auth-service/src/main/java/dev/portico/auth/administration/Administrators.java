package dev.portico.auth.administration;

import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.token.AccessTokenValidator;
import dev.portico.auth.token.PlatformGroups;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;

/**
 * Lets administrators in. That the token names the group was checked before; here the pool is asked
 * whether the session goes on and its owner is in the group still, since a token alone is good
 * until it expires: whoever was signed out, disabled or taken out of the group, by whatever means,
 * can do nothing more, and least of all put themselves back.
 */
@Singleton
final class Administrators {
  private final UserAdministration users;
  private final AuditLog audit;

  Administrators(UserAdministration users, AuditLog audit) {
    this.users = users;
    this.audit = audit;
  }

  /**
   * The caller's sub.
   *
   * @throws Problem 401 if the session was ended; 403 if the caller is not in the group any more
   */
  String require(Authentication caller) {
    if (!users.isAlive(AccessTokenValidator.tokenOf(caller))) {
      throw Problem.tokenRefused("revoked: the session was ended");
    }
    if (!users.groupsOf(AccessTokenValidator.usernameOf(caller)).contains(PlatformGroups.ADMINS)) {
      throw Problem.forbidden();
    }
    return caller.getName();
  }

  /**
   * The same before something is changed, which is not done where it could not be written down.
   *
   * @throws Problem the same; 503 if the audit log does not answer
   */
  String requireToChange(Authentication caller) {
    String by = require(caller);
    audit.requireAnswer();
    return by;
  }

  /**
   * The account of that name, address or sub.
   *
   * @throws Problem 404 if there is none
   */
  User find(String name) {
    return users.find(name).orElseThrow(AdministrationAnswers::missing);
  }
}
