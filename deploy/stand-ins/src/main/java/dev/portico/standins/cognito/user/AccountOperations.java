package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.user.Codes.Purpose;
import java.time.Clock;
import java.util.Optional;

/** What people do without being signed in: sign up, confirm, choose another password by code. */
public final class AccountOperations {
  private final Pools pools;
  private final Users users;
  private final Codes codes;
  private final Clock clock;

  /** Makes them. */
  public AccountOperations(Pools pools, Users users, Codes codes, Clock clock) {
    this.pools = pools;
    this.users = users;
    this.codes = codes;
    this.clock = clock;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .open("SignUp", this::signUp)
        .open("ConfirmSignUp", this::confirmSignUp)
        .open("ResendConfirmationCode", this::resendConfirmationCode)
        .open("ForgotPassword", this::forgotPassword)
        .open("ConfirmForgotPassword", this::confirmForgotPassword)
        .signed("AdminResetUserPassword", this::adminResetUserPassword);
  }

  private PoolClient client(Params params) {
    var client = pools.client(params.text("ClientId"));
    client.checkSecretHash(params.text("Username"), params.optionalText("SecretHash"));
    return client;
  }

  private ObjectNode signUp(Params params) {
    var client = client(params);
    var pool = pools.get(client.poolId());
    if (pool.closedToSignUp()) {
      throw CognitoException.notAuthorized("SignUp is not permitted for this user pool");
    }
    var password = params.password("Password");
    pool.checkPassword(password);
    var attributes = params.attributes("UserAttributes");
    if (attributes.containsKey("email_verified")
        || attributes.containsKey("phone_number_verified")) {
      throw CognitoException.notAuthorized("A client attempted to write unauthorized attribute");
    }
    var user =
        NewUser.make(
            pool,
            users,
            params.text("Username"),
            attributes,
            "User already exists",
            clock.millis());
    user.setTemporaryPassword(
        Users.verifier(pool, user, password), UserStatus.UNCONFIRMED, Long.MAX_VALUE);
    users.save(pool, user);
    var answer = Json.object().put("UserConfirmed", false).put("UserSub", user.sub());
    var email = user.email();
    if (email != null && pool.verifiesEmail()) {
      answer.set("CodeDeliveryDetails", codes.send(pool, user, email, Purpose.SIGN_UP));
    }
    return answer;
  }

  /** The user; where the client hides who exists, a missing one yields the given refusal. */
  private User find(UserPool pool, PoolClient client, Params params, CognitoException masked) {
    return users
        .find(pool, params.text("Username"))
        .orElseThrow(() -> client.hidesUsers() ? masked : CognitoException.userNotFound());
  }

  private ObjectNode confirmSignUp(Params params) {
    var client = client(params);
    var pool = pools.get(client.poolId());
    var user = find(pool, client, params, Codes.expired());
    requireUnconfirmed(user);
    codes.use(pool, user, Purpose.SIGN_UP, params.text("ConfirmationCode"));
    user.attributes().put("email_verified", "true");
    if (!params.flag("ForceAliasCreation")) {
      users.checkAddressIsFree(pool, user);
    }
    user.status(UserStatus.CONFIRMED);
    users.save(pool, user);
    return Json.object();
  }

  static void requireUnconfirmed(User user) {
    if (user.status() != UserStatus.UNCONFIRMED) {
      throw CognitoException.notAuthorized(
          "User cannot be confirmed. Current status is " + user.status());
    }
  }

  private ObjectNode resendConfirmationCode(Params params) {
    var client = client(params);
    var pool = pools.get(client.poolId());
    var found = users.find(pool, params.text("Username"));
    if (found.isEmpty() && client.hidesUsers()) {
      return simulated(params);
    }
    var user = found.orElseThrow(CognitoException::userNotFound);
    if (user.status() != UserStatus.UNCONFIRMED) {
      throw CognitoException.invalidParameter("User is already confirmed.");
    }
    var email = user.email();
    if (email == null) {
      throw CognitoException.of(
          "CodeDeliveryFailureException", "The user has no address to send a code to.");
    }
    return Json.object("CodeDeliveryDetails", codes.send(pool, user, email, Purpose.SIGN_UP));
  }

  private static ObjectNode simulated(Params params) {
    var name = params.text("Username");
    return Json.object(
        "CodeDeliveryDetails", Codes.delivery(name.contains("@") ? name : name + "@email"));
  }

  private ObjectNode forgotPassword(Params params) {
    var client = client(params);
    var pool = pools.get(client.poolId());
    var found = users.find(pool, params.text("Username"));
    if (client.hidesUsers() && found.filter(AccountOperations::canRecover).isEmpty()) {
      return simulated(params);
    }
    return sendResetCode(pool, found);
  }

  private static boolean canRecover(User user) {
    return user.enabled()
        && user.emailVerified()
        && (user.status() == UserStatus.CONFIRMED || user.status() == UserStatus.RESET_REQUIRED);
  }

  private ObjectNode sendResetCode(UserPool pool, Optional<User> found) {
    var user = found.orElseThrow(CognitoException::userNotFound);
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    if (user.status() == UserStatus.FORCE_CHANGE_PASSWORD
        || user.status() == UserStatus.EXTERNAL_PROVIDER) {
      throw CognitoException.notAuthorized("User password cannot be reset in the current state.");
    }
    var email = user.email();
    if (email == null || !canRecover(user)) {
      throw CognitoException.invalidParameter(
          "Cannot reset password for the user as there is no registered/verified email or"
              + " phone_number");
    }
    return Json.object(
        "CodeDeliveryDetails", codes.send(pool, user, email, Purpose.FORGOT_PASSWORD));
  }

  private ObjectNode adminResetUserPassword(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var user = users.get(pool, params.text("Username"));
    sendResetCode(pool, Optional.of(user));
    user.status(UserStatus.RESET_REQUIRED);
    users.save(pool, user);
    return Json.object();
  }

  private ObjectNode confirmForgotPassword(Params params) {
    var client = client(params);
    var pool = pools.get(client.poolId());
    var password = params.password("Password");
    var code = params.text("ConfirmationCode");
    pool.checkPassword(password);
    var user = find(pool, client, params, Codes.expired());
    codes.use(pool, user, Purpose.FORGOT_PASSWORD, code);
    user.setPassword(Users.verifier(pool, user, password));
    users.save(pool, user);
    return Json.object();
  }
}
