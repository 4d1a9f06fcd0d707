package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.Factors;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flows of InitiateAuth and the answers to their challenges, and ChangePassword. */
public final class SignInOperations {
  private final Pools pools;
  private final Users users;
  private final Tokens tokens;
  private final SignIn signIn;
  private final SrpSignIn srp;
  private final MfaOperations mfa;
  private final AuthEvents events;

  /** Makes them. */
  public SignInOperations(Pools pools, Users users, Tokens tokens, Outbox outbox, Clock clock) {
    this.pools = pools;
    this.users = users;
    this.tokens = tokens;
    this.signIn = new SignIn(users, this::result, outbox, clock);
    this.srp = new SrpSignIn(users, signIn, clock);
    this.mfa = new MfaOperations(pools, users, tokens, clock, signIn.mfa());
    this.events = new AuthEvents(pools, users, clock);
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    mfa.register(operations);
    events.register(operations);
    operations
        .open("InitiateAuth", params -> initiate(params, appClient(params), false))
        .open("RespondToAuthChallenge", params -> respond(params, appClient(params)))
        .open("ChangePassword", this::changePassword)
        .signed("AdminInitiateAuth", this::adminInitiate)
        .signed("AdminRespondToAuthChallenge", this::adminRespond);
  }

  private ObjectNode result(UserPool pool, PoolClient client, User user) {
    var answer = Json.object("AuthenticationResult", tokens.signIn(pool, client, user));
    answer.putObject("ChallengeParameters");
    return answer;
  }

  private ObjectNode adminInitiate(Params params) {
    var client = adminClient(params);
    return events.observe(pools.get(client.poolId()), params, () -> initiate(params, client, true));
  }

  private ObjectNode adminRespond(Params params) {
    AuthEvents.checkContext(params);
    return respond(params, adminClient(params));
  }

  private PoolClient appClient(Params params) {
    return pools.client(params.text("ClientId"));
  }

  private PoolClient adminClient(Params params) {
    return pools.get(params.text("UserPoolId")).client(params.text("ClientId"));
  }

  private ObjectNode initiate(Params params, PoolClient client, boolean admin) {
    var pool = pools.get(client.poolId());
    var values = params.map("AuthParameters");
    var flow = params.text("AuthFlow");
    return switch (flow) {
      case "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH" -> {
        if (!admin) {
          throw CognitoException.invalidParameter("Initiate Auth method not supported.");
        }
        require(client, "ALLOW_ADMIN_USER_PASSWORD_AUTH", "Auth flow not enabled for this client");
        yield byPassword(pool, client, values);
      }
      case "USER_PASSWORD_AUTH" -> {
        if (admin) {
          throw CognitoException.invalidParameter("Initiate Auth method not supported.");
        }
        require(
            client,
            "ALLOW_USER_PASSWORD_AUTH",
            "USER_PASSWORD_AUTH flow not enabled for this client");
        yield byPassword(pool, client, values);
      }
      case "USER_SRP_AUTH" -> {
        require(client, "ALLOW_USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client.");
        var name = checkedName(client, values);
        yield srp.begin(pool, client, name, Answers.required(values, "SRP_A"));
      }
      case "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN" -> refresh(client, values);
      case "CUSTOM_AUTH" ->
          throw CognitoException.invalidParameter(
              "Custom auth lambda trigger is not configured for the user pool.");
      case "USER_AUTH" -> throw CognitoException.unsupported("the flow USER_AUTH yet");
      default -> throw Params.invalid("AuthFlow", flow, "Member must satisfy enum value set");
    };
  }

  private static void require(PoolClient client, String flow, String refusal) {
    if (!client.allows(flow)) {
      throw CognitoException.invalidParameter(refusal);
    }
  }

  private static String checkedName(PoolClient client, Map<String, String> values) {
    var name = Answers.required(values, "USERNAME");
    client.checkSecretHash(name, values.get("SECRET_HASH"));
    return name;
  }

  private ObjectNode byPassword(UserPool pool, PoolClient client, Map<String, String> values) {
    var name = checkedName(client, values);
    var password = Answers.required(values, "PASSWORD");
    return signIn.byPassword(pool, client, name, password);
  }

  private ObjectNode refresh(PoolClient client, Map<String, String> values) {
    require(client, "ALLOW_REFRESH_TOKEN_AUTH", "Auth flow not enabled for this client");
    var token = Answers.required(values, "REFRESH_TOKEN");
    var owner = tokens.ownerOf(client, token);
    if (owner != null) {
      // The hash is over the user name proper, never over what the user typed.
      client.checkSecretHash(owner.username(), values.get("SECRET_HASH"));
    }
    var answer = Json.object("AuthenticationResult", tokens.refresh(client, token));
    answer.putObject("ChallengeParameters");
    return answer;
  }

  private ObjectNode respond(Params params, PoolClient client) {
    var pool = pools.get(client.poolId());
    var responses = params.map("ChallengeResponses");
    var challenge = params.text("ChallengeName");
    return switch (challenge) {
      case "PASSWORD_VERIFIER" -> {
        checkedName(client, responses);
        yield srp.prove(pool, client, responses);
      }
      case "NEW_PASSWORD_REQUIRED" -> newPassword(pool, client, params.text("Session"), responses);
      case Factors.TOTP, Factors.EMAIL, Factors.SMS -> {
        checkedName(client, responses);
        var user = signIn.mfa().prove(pool, client, challenge, params.text("Session"), responses);
        yield signIn.finish(pool, client, user);
      }
      case "SELECT_MFA_TYPE" -> {
        checkedName(client, responses);
        yield signIn.mfa().choose(pool, client, params.text("Session"), responses);
      }
      case "MFA_SETUP" -> {
        checkedName(client, responses);
        var user = signIn.mfa().setUp(pool, client, params.text("Session"), responses);
        yield signIn.finish(pool, client, user);
      }
      default -> throw CognitoException.unsupported("the challenge " + challenge + " yet");
    };
  }

  private ObjectNode newPassword(
      UserPool pool, PoolClient client, String session, Map<String, String> responses) {
    var name = checkedName(client, responses);
    var password = Answers.required(responses, "NEW_PASSWORD");
    var attributes = new LinkedHashMap<String, String>();
    responses.forEach(
        (key, value) -> {
          if (key.startsWith("userAttributes.")) {
            attributes.put(key.substring("userAttributes.".length()), value);
          }
        });
    return signIn.newPassword(pool, client, session, name, password, attributes);
  }

  private ObjectNode changePassword(Params params) {
    var proposed = params.password("ProposedPassword");
    var bearer = tokens.verify(params.text("AccessToken"));
    var pool = bearer.pool();
    var user = bearer.user();
    signIn.checkNotLocked(user);
    pool.checkPassword(proposed);
    var verifier = user.password();
    signIn.requireProof(
        pool,
        user,
        verifier != null
            && verifier.matches(
                pool.shortName() + user.username(), params.password("PreviousPassword")));
    user.setPassword(Users.verifier(pool, user, proposed));
    users.save(pool, user);
    return Json.object();
  }
}
