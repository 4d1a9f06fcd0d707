package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.user.Factors;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.Map;

/**
 * Proves people for the login page, by the same steps as the flows of the API, which app clients
 * need not allow for it. No tokens come of it: those are for whoever brings the code.
 */
public final class HostedSignIn {
  private static final String PROVED = "Proved";

  private final SignIn signIn;

  /** Makes it. */
  public HostedSignIn(Users users, Outbox outbox, Clock clock) {
    this.signIn =
        new SignIn(
            users, (pool, client, user) -> Json.object().put(PROVED, user.sub()), outbox, clock);
  }

  /** What came of a step. */
  public sealed interface Outcome {
    /**
     * The user is proven.
     *
     * @param sub who it is
     */
    record Proved(String sub) implements Outcome {}

    /**
     * Something more is asked for.
     *
     * @param challenge Cognito's name of it
     * @param session to be brought with the answer
     * @param parameters of the challenge
     */
    record Asked(String challenge, String session, ObjectNode parameters) implements Outcome {}
  }

  /**
   * The first step.
   *
   * @throws CognitoException when it is refused
   */
  public Outcome password(UserPool pool, PoolClient client, String name, String password) {
    return outcome(signIn.byPassword(pool, client, name, password));
  }

  /**
   * The answer to a challenge.
   *
   * @throws CognitoException when it is refused, or the page has no such step
   */
  public Outcome answer(
      UserPool pool,
      PoolClient client,
      String challenge,
      String session,
      String name,
      String answer) {
    return outcome(
        switch (challenge) {
          case "NEW_PASSWORD_REQUIRED" ->
              signIn.newPassword(pool, client, session, name, answer, Map.of());
          case Factors.TOTP, Factors.EMAIL, Factors.SMS ->
              signIn.finish(
                  pool,
                  client,
                  signIn
                      .mfa()
                      .prove(
                          pool,
                          client,
                          challenge,
                          session,
                          Map.of("USERNAME", name, challenge + "_CODE", answer)));
          case "SELECT_MFA_TYPE" ->
              signIn
                  .mfa()
                  .choose(pool, client, session, Map.of("USERNAME", name, "ANSWER", answer));
          default -> throw CognitoException.unsupported("the step " + challenge + " on its page");
        });
  }

  private static Outcome outcome(ObjectNode said) {
    var sub = said.path(PROVED).asText();
    return sub.isEmpty()
        ? new Outcome.Asked(
            said.path("ChallengeName").asText(),
            said.path("Session").asText(),
            said.withObject("/ChallengeParameters"))
        : new Outcome.Proved(sub);
  }
}
