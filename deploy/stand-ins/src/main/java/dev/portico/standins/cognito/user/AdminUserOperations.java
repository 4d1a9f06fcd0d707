package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.Pages;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the pool's owner does with accounts. */
public final class AdminUserOperations {
  private static final Pattern FILTER =
      Pattern.compile("\\s*\"?([\\w:]+)\"?\\s*(\\^?=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*");

  private final Pools pools;
  private final Users users;
  private final Outbox outbox;
  private final Clock clock;

  /** Makes them. */
  public AdminUserOperations(Pools pools, Users users, Outbox outbox, Clock clock) {
    this.pools = pools;
    this.users = users;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("AdminCreateUser", this::create)
        .signed("AdminSetUserPassword", with(this::setPassword))
        .signed("AdminConfirmSignUp", with(this::confirm))
        .signed("AdminUpdateUserAttributes", with(this::updateAttributes))
        .signed("AdminDisableUser", with((pool, user, params) -> disable(user)))
        .signed("AdminEnableUser", with((pool, user, params) -> user.enabled(true)))
        .signed("AdminUserGlobalSignOut", with((pool, user, params) -> user.signOutEverywhere()))
        .signed("AdminGetUser", this::get)
        .signed("AdminDeleteUser", this::delete)
        .signed("ListUsers", this::list);
  }

  /** A change of a user that answers nothing. */
  @FunctionalInterface
  interface Change {
    void apply(UserPool pool, User user, Params params);
  }

  private Function<Params, ObjectNode> with(Change change) {
    return changing(pools, users, change);
  }

  static Function<Params, ObjectNode> changing(Pools pools, Users users, Change change) {
    return params -> {
      var pool = pools.get(params.text("UserPoolId"));
      var user = users.get(pool, params.text("Username"));
      change.apply(pool, user, params);
      users.save(pool, user);
      return Json.object();
    };
  }

  /** AWS promises an end of the access tokens only: refresh tokens are good again once enabled. */
  private void disable(User user) {
    user.enabled(false);
    user.revokeAccess(clock.instant().getEpochSecond());
  }

  private ObjectNode create(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var action = Objects.requireNonNullElse(params.optionalText("MessageAction"), "SEND");
    var name = params.text("Username");
    var given = params.optionalText("TemporaryPassword");
    if (given != null) {
      Params.requirePassword("TemporaryPassword", given);
      pool.checkPassword(given);
    }
    var password = given == null ? generated(pool) : given;
    User user;
    if (action.equals("RESEND")) {
      user = users.get(pool, name);
      if (user.status() != UserStatus.FORCE_CHANGE_PASSWORD) {
        throw CognitoException.of(
            "UnsupportedUserStateException",
            "Resend not possible. " + name + " status is not FORCE_CHANGE_PASSWORD");
      }
    } else {
      user =
          NewUser.make(
              pool,
              users,
              name,
              params.attributes("UserAttributes"),
              "User account already exists",
              clock.millis());
    }
    user.setTemporaryPassword(
        Users.verifier(pool, user, password),
        UserStatus.FORCE_CHANGE_PASSWORD,
        clock.millis() + pool.temporaryPasswordValidity().toMillis());
    users.save(pool, user);
    var email = user.email();
    if (!action.equals("SUPPRESS") && email != null) {
      outbox.send(
          new Message(clock.millis(), pool.id(), user.username(), email, "INVITATION", password));
    }
    return Json.object("User", user.describe("Attributes"));
  }

  private static String generated(UserPool pool) {
    int length = pool.settings().at("/Policies/PasswordPolicy/MinimumLength").asInt(8);
    return RandomText.mixed(Math.max(4, length - 4))
        + RandomText.from("ABCDEFGHJKMN", 1)
        + RandomText.from("abcdefghjkmn", 1)
        + RandomText.digits(1)
        + RandomText.from("!@#%*+-_=", 1);
  }

  private void setPassword(UserPool pool, User user, Params params) {
    var password = params.password("Password");
    pool.checkPassword(password);
    var verifier = Users.verifier(pool, user, password);
    if (params.flag("Permanent")) {
      user.setPassword(verifier);
    } else {
      user.setTemporaryPassword(
          verifier,
          UserStatus.FORCE_CHANGE_PASSWORD,
          clock.millis() + pool.temporaryPasswordValidity().toMillis());
    }
  }

  private void confirm(UserPool pool, User user, Params params) {
    AccountOperations.requireUnconfirmed(user);
    user.status(UserStatus.CONFIRMED);
  }

  private void updateAttributes(UserPool pool, User user, Params params) {
    var attributes = params.attributes("UserAttributes");
    pool.checkAttributes(attributes);
    var email = attributes.get("email");
    boolean another = email != null && !email.equals(user.email());
    if (another) {
      users.checkAddressIsFree(pool, user, email);
      user.pendingEmail(null);
      user.attributes().put("email_verified", "false");
    }
    user.attributes().putAll(attributes);
  }

  private ObjectNode get(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var user = users.get(pool, params.text("Username"));
    var answer = user.describe("UserAttributes");
    user.factors().describe(answer);
    return answer;
  }

  private ObjectNode delete(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    users.delete(pool, users.get(pool, params.text("Username")));
    return Json.object();
  }

  private ObjectNode list(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var filter = params.optionalText("Filter");
    List<User> matching =
        users.all(pool).stream().filter(user -> filter == null || matches(user, filter)).toList();
    return Pages.page(
        "Users",
        "PaginationToken",
        matching,
        params.number("Limit", 60, 1, 60),
        params.optionalText("PaginationToken"),
        user -> user.describe("Attributes"));
  }

  private static boolean matches(User user, String filter) {
    if (filter.isBlank()) {
      return true;
    }
    var parts = FILTER.matcher(filter);
    if (!parts.matches()) {
      throw CognitoException.invalidParameter("Error while parsing filter");
    }
    var wanted = parts.group(3).replaceAll("\\\\(.)", "$1");
    var value = filtered(user, parts.group(1));
    return value != null
        && (parts.group(2).equals("=") ? value.equals(wanted) : value.startsWith(wanted));
  }

  private static @Nullable String filtered(User user, String name) {
    return switch (name) {
      case "username" -> user.username();
      case "cognito:user_status" -> user.status().name();
      case "status" -> user.enabled() ? "Enabled" : "Disabled";
      default -> user.attributes().get(name);
    };
  }
}
