package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.signin.Pending.FactorChoice;
import dev.portico.standins.cognito.signin.Pending.FactorCode;
import dev.portico.standins.cognito.signin.Pending.FactorSetup;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.user.Codes;
import dev.portico.standins.cognito.user.Factors;
import dev.portico.standins.cognito.user.Message;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.Users;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The challenges SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA, SELECT_MFA_TYPE and MFA_SETUP, once the
 * password was right.
 */
final class MfaSignIn {
  private final Users users;
  private final Outbox outbox;
  private final Clock clock;
  private final ChallengeSessions<Pending> sessions;

  MfaSignIn(Users users, Outbox outbox, Clock clock, ChallengeSessions<Pending> sessions) {
    this.users = users;
    this.outbox = outbox;
    this.clock = clock;
    this.sessions = sessions;
  }

  /** The challenge that stands between the password and the tokens, or null. */
  @Nullable ObjectNode challenge(UserPool pool, PoolClient client, User user) {
    var asked = user.factorsAsked(pool);
    if (asked.size() == 1) {
      return ask(pool, client, user, asked.getFirst());
    }
    if (!asked.isEmpty()) {
      return challenge(
          "SELECT_MFA_TYPE",
          new FactorChoice(client.id(), user.sub(), asked),
          user,
          "MFAS_CAN_CHOOSE",
          quoted(asked));
    }
    return pool.requiresMfa()
        ? challenge(
            "MFA_SETUP",
            new FactorSetup(client.id(), user.sub(), false),
            user,
            "MFAS_CAN_SETUP",
            pool.offersTotp() ? quoted(List.of(Factors.TOTP)) : "[]")
        : null;
  }

  private ObjectNode ask(UserPool pool, PoolClient client, User user, String factor) {
    user.factors().checkNotLocked(clock.millis());
    if (factor.equals(Factors.TOTP)) {
      var device = user.factors().deviceName();
      return challenge(
          Factors.TOTP,
          new FactorCode(client.id(), user.sub(), factor, null),
          user,
          "FRIENDLY_DEVICE_NAME",
          device == null ? "TOTP device" : device);
    }
    return factor.equals(Factors.SMS)
        ? sent(pool, client, user, factor, "SMS", String.valueOf(user.phoneNumber()))
        : sent(pool, client, user, factor, "EMAIL", String.valueOf(user.email()));
  }

  private ObjectNode sent(
      UserPool pool, PoolClient client, User user, String factor, String medium, String to) {
    var code = RandomText.digits(6);
    outbox.send(new Message(clock.millis(), pool.id(), user.username(), to, medium + "_MFA", code));
    var answer =
        challenge(
            factor,
            new FactorCode(client.id(), user.sub(), factor, code),
            user,
            "CODE_DELIVERY_DELIVERY_MEDIUM",
            medium);
    answer
        .withObject("/ChallengeParameters")
        .put(
            "CODE_DELIVERY_DESTINATION",
            factor.equals(Factors.SMS)
                ? Codes.masked(to)
                : Codes.delivery(to).path("Destination").asText());
    return answer;
  }

  private ObjectNode challenge(
      String name, Pending pending, User user, String parameter, String value) {
    var answer = Json.object().put("ChallengeName", name).put("Session", sessions.open(pending));
    answer
        .putObject("ChallengeParameters")
        .put("USER_ID_FOR_SRP", user.username())
        .put(parameter, value);
    return answer;
  }

  /** Cognito writes a list into a text. */
  private static String quoted(List<String> names) {
    return Json.list(names, Json::text).toString();
  }

  /** Checks the code; a wrong one leaves the session to be tried again. */
  User prove(
      UserPool pool, PoolClient client, String factor, String session, Map<String, String> given) {
    var waiting = find(client, session, FactorCode.class);
    var user = userOf(pool, waiting, given);
    if (!waiting.factor().equals(factor)) {
      throw invalidSession();
    }
    var expected = waiting.code();
    var entered = Answers.required(given, factor + "_CODE");
    try {
      if (expected == null) {
        user.factors().useTotp(entered, clock.millis());
      } else {
        checkSent(user, expected, entered);
      }
    } finally {
      users.save(pool, user);
    }
    sessions.close(session);
    return user;
  }

  private void checkSent(User user, String expected, String entered) {
    user.factors().checkNotLocked(clock.millis());
    if (!MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), entered.getBytes(StandardCharsets.UTF_8))) {
      throw user.factors().wrongCode(clock.millis());
    }
    user.factors().clearFailures();
  }

  /** Goes on with the factor that was chosen. */
  ObjectNode choose(UserPool pool, PoolClient client, String session, Map<String, String> given) {
    var waiting = find(client, session, FactorChoice.class);
    var user = userOf(pool, waiting, given);
    var chosen = Answers.required(given, "ANSWER");
    if (!waiting.factors().contains(chosen)) {
      throw CognitoException.invalidParameter("ANSWER is not one of MFAS_CAN_CHOOSE");
    }
    sessions.close(session);
    return ask(pool, client, user, chosen);
  }

  /** Goes on once a factor was set up. */
  User setUp(UserPool pool, PoolClient client, String session, Map<String, String> given) {
    var waiting = find(client, session, FactorSetup.class);
    var user = userOf(pool, waiting, given);
    if (!waiting.proved()) {
      throw CognitoException.invalidParameter("User has not set up a second factor yet.");
    }
    sessions.close(session);
    return user;
  }

  /** The sign-in that waits under the session for a factor to be set up. */
  FactorSetup settingUp(String session) {
    return find(null, session, FactorSetup.class);
  }

  /** Replaces a session by the next of the same sign-in. */
  String next(String session, FactorSetup waiting) {
    sessions.close(session);
    return sessions.open(waiting);
  }

  private <T extends Pending> T find(@Nullable PoolClient client, String session, Class<T> kind) {
    var waiting = sessions.find(session);
    if (!kind.isInstance(waiting) || (client != null && !waiting.clientId().equals(client.id()))) {
      throw invalidSession();
    }
    return kind.cast(waiting);
  }

  private User userOf(UserPool pool, Pending waiting, Map<String, String> given) {
    var user = users.find(pool, Answers.required(given, "USERNAME")).orElse(null);
    if (user == null || !user.sub().equals(waiting.sub())) {
      throw invalidSession();
    }
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    return user;
  }

  private static CognitoException invalidSession() {
    return CognitoException.notAuthorized("Invalid session for the user.");
  }
}
