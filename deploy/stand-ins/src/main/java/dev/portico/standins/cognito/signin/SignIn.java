package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.srp.PasswordVerifier;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.UserStatus;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all flows share: the password's check and what comes after it. */
final class SignIn {
  /** What is answered to who is proven. */
  @FunctionalInterface
  interface Ending {
    ObjectNode of(UserPool pool, PoolClient client, User user);
  }

  private final Users users;
  private final Ending ending;
  private final Clock clock;
  private final ChallengeSessions<Pending> sessions;
  private final MfaSignIn mfa;

  SignIn(Users users, Ending ending, Outbox outbox, Clock clock) {
    this.users = users;
    this.ending = ending;
    this.clock = clock;
    this.sessions = new ChallengeSessions<>(clock);
    this.mfa = new MfaSignIn(users, outbox, clock, sessions);
  }

  ChallengeSessions<Pending> sessions() {
    return sessions;
  }

  MfaSignIn mfa() {
    return mfa;
  }

  /** What an unknown user gets. */
  static CognitoException unknown(PoolClient client) {
    return client.hidesUsers() ? wrongPassword() : CognitoException.userNotFound();
  }

  static CognitoException wrongPassword() {
    return CognitoException.notAuthorized("Incorrect username or password.");
  }

  void checkNotLocked(User user) {
    if (user.lockedUntil() > clock.millis()) {
      throw CognitoException.notAuthorized("Password attempts exceeded");
    }
  }

  /** Records how the check of the password ended, and refuses when it was wrong. */
  void requireProof(UserPool pool, User user, boolean proved) {
    if (!proved) {
      user.countFailure(clock.millis());
      users.save(pool, user);
      throw wrongPassword();
    }
    if (user.hasFailures()) {
      user.clearFailures();
      users.save(pool, user);
    }
  }

  /** Goes on once the password was right: refusal by state, another challenge, or tokens. */
  ObjectNode proceed(UserPool pool, PoolClient client, User user) {
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    return switch (user.status()) {
      case UNCONFIRMED ->
          throw CognitoException.of("UserNotConfirmedException", "User is not confirmed.");
      case RESET_REQUIRED ->
          throw CognitoException.of(
              "PasswordResetRequiredException", "Password reset required for the user");
      case FORCE_CHANGE_PASSWORD -> newPasswordRequired(client, user);
      case EXTERNAL_PROVIDER -> throw wrongPassword(); // there is none
      case CONFIRMED -> afterPassword(pool, client, user);
    };
  }

  /** Goes on once the password is one that lasts: a second factor, or tokens. */
  ObjectNode afterPassword(UserPool pool, PoolClient client, User user) {
    var challenge = mfa.challenge(pool, client, user);
    return challenge == null ? finish(pool, client, user) : challenge;
  }

  private ObjectNode newPasswordRequired(PoolClient client, User user) {
    if (user.passwordExpires() <= clock.millis()) {
      throw CognitoException.notAuthorized(
          "Temporary password has expired and must be reset by an administrator.");
    }
    var attributes = Json.object();
    user.attributes()
        .forEach(
            (name, value) -> {
              if (!name.equals("sub")) {
                attributes.put(name, value);
              }
            });
    var answer =
        Json.object()
            .put("ChallengeName", "NEW_PASSWORD_REQUIRED")
            .put("Session", sessions.open(new Pending.NewPassword(client.id(), user.sub())));
    answer
        .putObject("ChallengeParameters")
        .put("USER_ID_FOR_SRP", user.username())
        .put("requiredAttributes", "[]")
        .put("userAttributes", attributes.toString());
    return answer;
  }

  ObjectNode finish(UserPool pool, PoolClient client, User user) {
    return ending.of(pool, client, user);
  }

  /** Begins with a name and a password. */
  ObjectNode byPassword(UserPool pool, PoolClient client, String name, String password) {
    var found = users.find(pool, name);
    if (found.isEmpty()) {
      // As long as a wrong password takes, so that the time says nothing of who has an account.
      PasswordVerifier.create(pool.shortName() + name, password);
      throw unknown(client);
    }
    var user = found.get();
    checkNotLocked(user);
    var verifier = user.password();
    requireProof(
        pool,
        user,
        verifier != null && verifier.matches(pool.shortName() + user.username(), password));
    return proceed(pool, client, user);
  }

  /**
   * Goes on with a password in place of a temporary one.
   *
   * @param attributes that are given with it
   */
  ObjectNode newPassword(
      UserPool pool,
      PoolClient client,
      String session,
      String name,
      String password,
      Map<String, String> attributes) {
    var waiting = sessions.find(session);
    var user = users.bySub(pool, waiting.sub()).orElse(null);
    if (user == null
        || !(waiting instanceof Pending.NewPassword)
        || !waiting.clientId().equals(client.id())
        || users.find(pool, name).orElse(null) != user
        || !mustChangePassword(user)) {
      throw CognitoException.notAuthorized("Invalid session for the user.");
    }
    // A password that the policy refuses does not use up the session.
    pool.checkPassword(password);
    pool.checkAttributes(attributes);
    attributes.forEach((key, value) -> checkWritable(user.attributes().get(key), key, value));
    sessions.close(session);
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    user.attributes().putAll(attributes);
    user.setPassword(Users.verifier(pool, user, password));
    users.save(pool, user);
    return afterPassword(pool, client, user);
  }

  private static void checkWritable(@Nullable String known, String name, String value) {
    if (name.endsWith("_verified")) {
      throw CognitoException.notAuthorized("A client attempted to write unauthorized attribute");
    }
    if (name.equals("email") && known != null && !known.equals(value)) {
      throw CognitoException.notAuthorized("Cannot modify an already provided email");
    }
  }

  private static boolean mustChangePassword(User user) {
    return user.status() == UserStatus.FORCE_CHANGE_PASSWORD;
  }
}
