package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.federation.OidcClient;
import dev.portico.standins.cognito.federation.OidcEndpoints;
import dev.portico.standins.cognito.federation.ProviderException;
import dev.portico.standins.cognito.pool.IdentityProvider;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.user.ExternalUsers;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Sends browsers to identity providers, and takes them back.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html">OIDC
 *     user pool IdP authentication flow</a>
 */
final class FederatedLogin {
  /** Where providers send browsers back to. */
  static final String RESPONSE = "/oauth2/idpresponse";

  private static final String BROWSER = "csrf-state";

  private final Pools pools;
  private final ExternalUsers users;
  private final Clock clock;
  private final ReentrantLock turn;
  private final OneTime<Departure> departures;

  /**
   * What a browser was sent to a provider for.
   *
   * @param asked by the app
   * @param client the pool as the provider's client
   * @param browser which browser, by its cookie
   * @param nonce that the provider's ID token must have
   */
  private record Departure(
      AuthorizationRequest asked, OidcClient client, String browser, String nonce) {}

  /**
   * A browser that is back.
   *
   * @param asked by the app that it came from
   * @param sub the user
   */
  record Arrival(AuthorizationRequest asked, String sub) {}

  /**
   * Makes it.
   *
   * @param turn the lock under which requests run; others may have it while a provider is asked,
   *     which may be another pool here
   */
  FederatedLogin(Pools pools, ExternalUsers users, Clock clock, ReentrantLock turn) {
    this.pools = pools;
    this.users = users;
    this.clock = clock;
    this.turn = turn;
    this.departures = new OneTime<>(clock);
  }

  /** Sends a browser to a provider. */
  HostedAnswer leave(AuthorizationRequest asked, IdentityProvider provider, HostedRequest request) {
    OidcEndpoints endpoints;
    try {
      endpoints = aside(() -> OidcEndpoints.of(provider));
    } catch (ProviderException e) {
      throw asked.refused("server_error", e.text());
    }
    var known = request.cookies().getOrDefault(BROWSER, "");
    var browser = known.isEmpty() ? RandomText.base64(24) : known;
    var nonce = RandomText.base64(24);
    var state =
        departures.issue(new Departure(asked, new OidcClient(provider, endpoints), browser, nonce));
    return HostedAnswer.redirect(
            Parameters.appended(
                endpoints.authorize(),
                "client_id",
                provider.clientId(),
                "redirect_uri",
                response(request),
                "scope",
                provider.detail("authorize_scopes"),
                "response_type",
                "code",
                "state",
                state,
                "nonce",
                nonce))
        .cookie(BROWSER, browser, "");
  }

  /**
   * Takes a browser back.
   *
   * @throws OAuthException when it was not sent, or the provider does not say who it is
   */
  Arrival arrive(HostedRequest request) {
    var given = Parameters.parse(request.query());
    var left = departures.take(given.required("state"));
    if (left == null || !left.browser().equals(request.cookies().get(BROWSER))) {
      throw OAuthException.of(
          "invalid_request",
          "this browser was not sent to the provider, or too long ago, or is back already");
    }
    var asked = left.asked();
    var code = given.get("code");
    if (code == null) {
      throw asked.refused(
          given.values().getOrDefault("error", "invalid_request"),
          given.values().getOrDefault("error_description", "the provider has sent no code"));
    }
    try {
      var claims =
          aside(() -> left.client().claims(code, response(request), left.nonce(), clock.instant()));
      var pool = pools.get(asked.client().poolId());
      return new Arrival(asked, users.signIn(pool, left.client().provider(), claims).sub());
    } catch (ProviderException e) {
      throw asked.refused("server_error", e.text());
    } catch (CognitoException e) {
      throw asked.refused("invalid_request", e.text());
    }
  }

  private static String response(HostedRequest request) {
    return "http://" + request.host() + RESPONSE;
  }

  private <T> T aside(Supplier<T> call) {
    turn.unlock();
    try {
      return call.get();
    } finally {
      turn.lock();
    }
  }
}
