package dev.portico.standins.cognito.user;

import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Params;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** Makes accounts, for sign-up and for administrators. */
final class NewUser {
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]{1,128}");

  private NewUser() {}

  /**
   * Makes one, not yet kept.
   *
   * @throws CognitoException when the name is taken or something about it is not allowed
   */
  static User make(
      UserPool pool,
      Users users,
      String name,
      Map<String, String> attributes,
      String existsMessage,
      long now) {
    if (!NAME.matcher(name).matches()) {
      throw Params.invalid(
          "Username",
          name,
          "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
    }
    pool.checkAttributes(attributes);
    var email = attributes.get("email");
    if (email != null) {
      requireAddress(email);
    }
    var sub = UUID.randomUUID().toString();
    var user = new User(pool, pool.usernameIsEmail() ? sub : name, sub, now);
    user.attributes().putAll(attributes);
    if (pool.usernameIsEmail()) {
      if (!EMAIL.matcher(name).matches()) {
        throw CognitoException.invalidParameter("Username should be an email.");
      }
      user.attributes().put("email", name);
    } else {
      if (pool.emailIsAlias() && EMAIL.matcher(name).matches()) {
        throw CognitoException.invalidParameter(
            "Username cannot be of email format, since user pool is configured for email alias.");
      }
      if (users.find(pool, name).isPresent()) {
        throw CognitoException.of("UsernameExistsException", existsMessage);
      }
    }
    if (pool.usernameIsEmail() || user.emailVerified()) {
      users.checkAddressIsFree(pool, user);
    }
    pool.checkRequiredAttributes(user.attributes());
    return user;
  }

  static void requireAddress(String email) {
    if (!EMAIL.matcher(email).matches()) {
      throw CognitoException.invalidParameter("Invalid email address format.");
    }
  }
}
