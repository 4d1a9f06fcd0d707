package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.signin.HostedSignIn;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.ExternalUsers;
import dev.portico.standins.cognito.user.Outbox;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a pool's domain serves at AWS. All pools have the same address here: app clients' ids tell
 * them apart.
 */
public final class HostedEndpoints {
  private final LoginEndpoints login;
  private final TokenEndpoints token;

  /**
   * Makes them.
   *
   * @param turn the lock under which requests run, given to others while an identity provider is
   *     asked
   */
  public HostedEndpoints(
      Pools pools, Users users, Tokens tokens, Outbox outbox, Clock clock, ReentrantLock turn) {
    var codes = new OneTime<Granted>(clock);
    this.login =
        new LoginEndpoints(
            pools,
            new HostedSignIn(users, outbox, clock),
            new FederatedLogin(pools, new ExternalUsers(pools, users, clock), clock, turn),
            new LoginCookies(users, clock),
            codes);
    this.token = new TokenEndpoints(pools, users, tokens, codes);
  }

  /** Whether a path is one of theirs. */
  public static boolean serve(String path) {
    return path.startsWith("/oauth2/")
        || path.equals("/login")
        || path.equals("/logout")
        || path.equals("/error");
  }

  /** Answers a request. */
  public HostedAnswer answer(HostedRequest request) {
    return switch (request.method() + " " + request.path()) {
      case "GET /oauth2/authorize",
          "GET /login",
          "POST /login",
          "GET " + FederatedLogin.RESPONSE,
          "GET /logout" ->
          forBrowsers(request);
      case "GET /error" -> error(request);
      case "POST /oauth2/token",
          "POST /oauth2/revoke",
          "GET /oauth2/userInfo",
          "POST /oauth2/userInfo" ->
          forApps(request).with("Access-Control-Allow-Origin", "*");
      case "OPTIONS /oauth2/token", "OPTIONS /oauth2/revoke", "OPTIONS /oauth2/userInfo" ->
          HostedAnswer.of(200, "")
              .with("Access-Control-Allow-Origin", "*")
              .with("Access-Control-Allow-Methods", "GET, POST")
              .with("Access-Control-Allow-Headers", "authorization, content-type");
      default -> HostedAnswer.of(known(request.path()) ? 405 : 404, "");
    };
  }

  private static boolean known(String path) {
    return path.matches(
        "/oauth2/(authorize|idpresponse|token|revoke|userInfo)|/log(in|out)|/error");
  }

  private HostedAnswer forBrowsers(HostedRequest request) {
    try {
      return switch (request.path()) {
        case "/oauth2/authorize" -> login.authorize(request);
        case "/login" -> login.login(request);
        case FederatedLogin.RESPONSE -> login.arrived(request);
        default -> login.logout(request);
      };
    } catch (OAuthException e) {
      var location = e.location();
      // Nobody but the person at the browser can be told: no address was proven.
      return HostedAnswer.redirect(
          location == null
              ? Parameters.appended(
                  "/error", "error", e.error(), "error_description", e.description())
              : location);
    }
  }

  private static HostedAnswer error(HostedRequest request) {
    Parameters given;
    try {
      given = Parameters.parse(request.query());
    } catch (OAuthException e) {
      return HostedAnswer.html(400, LoginPage.error(e.error(), e.description()));
    }
    return HostedAnswer.html(
        400,
        LoginPage.error(
            given.values().getOrDefault("error", "invalid_request"),
            given.values().getOrDefault("error_description", "")));
  }

  private HostedAnswer forApps(HostedRequest request) {
    try {
      return switch (request.path()) {
        case "/oauth2/token" -> token.token(request);
        case "/oauth2/revoke" -> token.revoke(request);
        default -> token.userInfo(request);
      };
    } catch (OAuthException e) {
      return HostedAnswer.json(
          400, Json.object().put("error", e.error()).put("error_description", e.description()));
    }
  }
}
