package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.Scopes;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an app asks for by the browser that it sends (RFC 6749 section 4.1.1, RFC 7636, OpenID
 * Connect 3.1.2.1).
 *
 * @param client the app client
 * @param redirectUri where the code goes
 * @param scope what the tokens are for, by spaces
 * @param state comes back with the code
 * @param nonce comes back in the ID token
 * @param challenge of PKCE, S256; null when the app uses none
 * @param provider the identity provider that proves the person; null: the login page, or which
 *     provider is chosen there
 * @param prompt whether the person must, or must not, be asked: login or none; null: as need be
 */
record AuthorizationRequest(
    PoolClient client,
    String redirectUri,
    String scope,
    @Nullable String state,
    @Nullable String nonce,
    @Nullable String challenge,
    @Nullable String provider,
    @Nullable String prompt) {
  private static final Set<String> PROMPTS = Set.of("none", "login");

  /**
   * Reads one.
   *
   * @throws OAuthException what is wrong: for the app, once it is known that the address is its own
   */
  static AuthorizationRequest of(Pools pools, Parameters given) {
    var client = client(pools, given);
    var redirectUri = given.required("redirect_uri");
    if (!client.callbackUrls().contains(redirectUri)) {
      throw OAuthException.of(
          "redirect_mismatch", redirectUri + " is not among the CallbackURLs of the app client");
    }
    try {
      return checked(pools.get(client.poolId()), client, redirectUri, given);
    } catch (OAuthException e) {
      throw e.sentTo(redirectUri, given.get("state"));
    }
  }

  /** The app client that a browser is sent by. */
  static PoolClient client(Pools pools, Parameters given) {
    try {
      return pools.client(given.required("client_id"));
    } catch (CognitoException e) {
      throw OAuthException.of("invalid_request", e.text());
    }
  }

  private static AuthorizationRequest checked(
      UserPool pool, PoolClient client, String redirectUri, Parameters given) {
    if (!given.required("response_type").equals("code") || !client.allowsOAuth("code")) {
      throw OAuthException.of(
          "unauthorized_client", "the app client may not use this response_type");
    }
    var challenge = given.get("code_challenge");
    if ((challenge != null) != "S256".equals(given.get("code_challenge_method"))
        || (challenge != null && !challenge.matches("[A-Za-z0-9_-]{43}"))) {
      throw OAuthException.of("invalid_request", "PKCE must be by code_challenge_method S256");
    }
    var prompt = given.get("prompt");
    if (prompt != null && !PROMPTS.contains(prompt)) {
      throw OAuthException.of(
          "invalid_request", "the Cognito stand-in knows the prompts none and login");
    }
    return new AuthorizationRequest(
        client,
        redirectUri,
        scope(client, given.get("scope")),
        given.get("state"),
        given.get("nonce"),
        challenge,
        provider(pool, client, given),
        prompt);
  }

  /** The one that is asked for, or the only one that there is; the pool itself is none. */
  private static @Nullable String provider(UserPool pool, PoolClient client, Parameters given) {
    var offered = offered(pool, client);
    var named = given.get("identity_provider");
    var identifier = given.get("idp_identifier");
    if (named == null && identifier != null) {
      var identified = pool.identityProviderBy(identifier);
      named = identified == null ? identifier : identified.name();
    }
    if (named == null && offered.size() == 1) {
      named = offered.getFirst();
    }
    if (offered.isEmpty() || (named != null && !offered.contains(named))) {
      throw OAuthException.of(
          "invalid_request",
          named + " is none of the identity providers of the app client: " + offered);
    }
    return PoolClient.POOL_ITSELF.equals(named) ? null : named;
  }

  /** The identity providers of an app client that are there. */
  static List<String> offered(UserPool pool, PoolClient client) {
    return client.identityProviders().stream()
        .filter(
            name ->
                name.equals(PoolClient.POOL_ITSELF) || pool.identityProviders().containsKey(name))
        .toList();
  }

  /** All that the client may have, if it names none. */
  private static String scope(PoolClient client, @Nullable String asked) {
    if (asked == null) {
      return String.join(" ", client.scopes());
    }
    var scopes = Scopes.of(asked);
    boolean open = scopes.contains(Scopes.OPENID);
    if (!client.scopes().containsAll(scopes)
        || (!open && scopes.stream().anyMatch(Scopes::needsOpenId))) {
      throw OAuthException.of(
          "invalid_scope",
          "the app client may not have these scopes, or email, phone or profile is without openid");
    }
    return String.join(" ", scopes);
  }

  /** Back to the app without a code. */
  OAuthException refused(String error, String description) {
    return OAuthException.of(error, description).sentTo(redirectUri, state);
  }
}
