package dev.portico.standins.cognito.hosted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.Scopes;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.token.Tokens;
import dev.portico.standins.cognito.user.Users;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What apps call: {@code /oauth2/token} (RFC 6749), {@code /oauth2/revoke} (RFC 7009), {@code
 * /oauth2/userInfo} (OpenID Connect 5.3).
 */
final class TokenEndpoints {
  private static final String INVALID_REQUEST = "invalid_request";
  private static final String INVALID_GRANT = "invalid_grant";
  private static final String INVALID_SCOPE = "invalid_scope";
  private static final String INVALID_CLIENT = "invalid_client";
  private static final String UNAUTHORIZED_CLIENT = "unauthorized_client";

  private final Pools pools;
  private final Users users;
  private final Tokens tokens;
  private final OneTime<Granted> codes;

  TokenEndpoints(Pools pools, Users users, Tokens tokens, OneTime<Granted> codes) {
    this.pools = pools;
    this.users = users;
    this.tokens = tokens;
    this.codes = codes;
  }

  HostedAnswer token(HostedRequest request) {
    var form = Parameters.parse(request.form());
    var grant = form.required("grant_type");
    var client = client(request, form);
    return HostedAnswer.json(
        200,
        switch (grant) {
          case "authorization_code" -> ofCode(client, form);
          case "refresh_token" -> ofRefreshToken(client, form);
          case "client_credentials" -> ofClient(client, form);
          default -> throw OAuthException.of("unsupported_grant_type", grant + " is not supported");
        });
  }

  private ObjectNode ofCode(PoolClient client, Parameters form) {
    if (!client.allowsOAuth("code")) {
      throw OAuthException.of(UNAUTHORIZED_CLIENT, "the app client may not use the code flow");
    }
    var redirectUri = form.required("redirect_uri");
    var granted = codes.take(form.required("code"));
    if (granted == null
        || !granted.request().client().id().equals(client.id())
        || !granted.request().redirectUri().equals(redirectUri)
        || !granted.proves(form.get("code_verifier"))) {
      throw OAuthException.of(
          INVALID_GRANT,
          "the code is wrong, used or expired, or of another client, redirect_uri or verifier");
    }
    var pool = pools.get(client.poolId());
    var user =
        users
            .bySub(pool, granted.sub())
            .filter(found -> found.enabled())
            .orElseThrow(() -> OAuthException.of(INVALID_GRANT, "the user cannot be used"));
    return written(
        tokens.signIn(
            pool,
            client,
            user,
            granted.authTime(),
            granted.request().scope(),
            granted.request().nonce()));
  }

  private ObjectNode ofRefreshToken(PoolClient client, Parameters form) {
    if (!client.allowsOAuth("code")) {
      throw OAuthException.of(UNAUTHORIZED_CLIENT, "the app client has no refresh tokens");
    }
    try {
      return written(tokens.refresh(client, form.required("refresh_token"), true));
    } catch (CognitoException e) {
      throw OAuthException.of(INVALID_GRANT, e.text());
    }
  }

  private ObjectNode ofClient(PoolClient client, Parameters form) {
    if (!client.allowsOAuth("client_credentials")) {
      throw OAuthException.of(UNAUTHORIZED_CLIENT, "the app client may not use this flow");
    }
    var custom =
        client.scopes().stream()
            .filter(scope -> !Scopes.isStandard(scope))
            .collect(Collectors.toSet());
    var asked = form.get("scope");
    var scopes = asked == null ? custom : Scopes.of(asked);
    if (scopes.isEmpty() || !custom.containsAll(scopes)) {
      throw OAuthException.of(INVALID_SCOPE, "the app client may not have these scopes");
    }
    return written(tokens.machine(pools.get(client.poolId()), client, String.join(" ", scopes)));
  }

  /** As RFC 6749 section 5.1 writes an {@code AuthenticationResultType}. */
  private static ObjectNode written(JsonNode result) {
    var json = Json.object();
    for (var name : new String[] {"IdToken", "AccessToken", "RefreshToken"}) {
      if (result.has(name)) {
        json.set(name.replace("Token", "_token").toLowerCase(Locale.ROOT), result.get(name));
      }
    }
    json.set("expires_in", result.path("ExpiresIn"));
    return json.put("token_type", "Bearer");
  }

  HostedAnswer revoke(HostedRequest request) {
    var form = Parameters.parse(request.form());
    var client = client(request, form);
    var token = form.required("token");
    if (!client.revokesTokens()) {
      throw OAuthException.of(INVALID_REQUEST, "the app client does not revoke tokens");
    }
    if (token.chars().filter(c -> c == '.').count() == 2) {
      throw OAuthException.of("unsupported_token_type", "only refresh tokens are revoked");
    }
    tokens.revoke(client, token); // RFC 7009 section 2.2: what is not valid is revoked already
    return HostedAnswer.of(200, "");
  }

  /** The attributes of an access token's user; all of them are texts here, as at AWS. */
  HostedAnswer userInfo(HostedRequest request) {
    var authorization = request.authorization();
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return challenge(400, INVALID_REQUEST, "Bad OAuth2 request at UserInfo Endpoint");
    }
    try {
      var bearer = tokens.verify(authorization.substring(7).strip(), Scopes.OPENID);
      var user = bearer.user();
      var json = Json.object().put("sub", user.sub());
      user.attributes()
          .forEach(
              (name, value) -> {
                if (Scopes.show(bearer.scopes(), name)) {
                  json.put(name, value);
                }
              });
      return HostedAnswer.json(200, json.put("username", user.username()));
    } catch (CognitoException e) {
      return challenge(
          401,
          "invalid_token",
          "Access token is expired, disabled, or deleted, or the user has globally signed out.");
    }
  }

  private static HostedAnswer challenge(int status, String error, String description) {
    return HostedAnswer.json(
            status, Json.object().put("error", error).put("error_description", description))
        .with(
            "WWW-Authenticate",
            "error=\"" + error + "\", error_description=\"" + description + '"');
  }

  /** The app client that proves itself by its secret, in a header or in the form. */
  private PoolClient client(HostedRequest request, Parameters form) {
    var authorization = request.authorization();
    var basic = authorization == null ? null : basic(authorization);
    var id = basic == null ? form.required("client_id") : basic[0];
    var secret = basic == null ? form.get("client_secret") : basic[1];
    PoolClient client;
    try {
      client = pools.client(id);
    } catch (CognitoException e) {
      throw OAuthException.of(INVALID_CLIENT, e.text());
    }
    if (!client.hasSecret(secret)) {
      throw OAuthException.of(INVALID_CLIENT, "invalid_client_secret");
    }
    return client;
  }

  /** The id and the secret, each form-encoded (RFC 6749 section 2.3.1). */
  private static String @Nullable [] basic(String authorization) {
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return null;
    }
    try {
      var pair =
          new String(
                  Base64.getDecoder().decode(authorization.substring(6).strip()),
                  StandardCharsets.UTF_8)
              .split(":", 2);
      if (pair.length == 2) {
        return new String[] {Parameters.decoded(pair[0]), Parameters.decoded(pair[1])};
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like any other that is no pair.
    }
    throw OAuthException.of(INVALID_CLIENT, "the header Authorization is not Basic");
  }
}
