package dev.portico.standins.cognito.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.Scopes;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.store.DataFolder;
import dev.portico.standins.cognito.user.Identities;
import dev.portico.standins.cognito.user.User;
import dev.portico.standins.cognito.user.Users;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Issues and checks a pool's tokens. */
public final class Tokens {
  private final DataFolder data;
  private final Clock clock;
  private final Pools pools;
  private final Users users;
  private final UnaryOperator<String> issuer;
  private final Grants grants;
  private final Map<String, SigningKey> keys = new LinkedHashMap<>();

  /**
   * Makes them; reads keys and sign-ins from the folder.
   *
   * @param issuer the {@code iss} of the pool of an id
   */
  public Tokens(
      DataFolder data, Clock clock, Pools pools, Users users, UnaryOperator<String> issuer) {
    this.data = data;
    this.clock = clock;
    this.pools = pools;
    this.users = users;
    this.issuer = issuer;
    this.grants = new Grants(data, clock);
    pools.all().forEach(pool -> key(pool.id()));
  }

  Grants grants() {
    return grants;
  }

  private SigningKey key(String poolId) {
    return keys.computeIfAbsent(poolId, id -> SigningKey.of(id, data));
  }

  private Optional<PublicKey> publicKey(String id) {
    return keys.values().stream()
        .filter(key -> key.id().equals(id))
        .map(SigningKey::publicKey)
        .findFirst();
  }

  /** The pool's public keys as a JSON Web Key Set (RFC 7517). */
  public ObjectNode keySet(UserPool pool) {
    return Json.object("keys", Json.list(List.of(key(pool.id())), SigningKey::describe));
  }

  /** The {@code iss} of a pool. */
  public String issuer(UserPool pool) {
    return issuer.apply(pool.id());
  }

  /** Opens a sign-in; the answer is an {@code AuthenticationResultType}. */
  public ObjectNode signIn(UserPool pool, PoolClient client, User user) {
    return signIn(pool, client, user, clock.instant().getEpochSecond(), null, null);
  }

  /**
   * Opens one that began at the hosted endpoints.
   *
   * @param authTime when the user was proven, in seconds since the epoch
   * @param scope what it is for, by spaces; without {@code openid} there is no ID token
   * @param nonce goes into the ID token
   */
  public ObjectNode signIn(
      UserPool pool,
      PoolClient client,
      User user,
      long authTime,
      @Nullable String scope,
      @Nullable String nonce) {
    var opened = grants.open(client, user, authTime, scope);
    return issue(pool, client, user, opened.grant(), nonce)
        .put("RefreshToken", opened.refreshToken());
  }

  /**
   * An access token of an app client itself, by {@code client_credentials}: nobody's, so it names
   * no user, belongs to no sign-in and cannot be revoked.
   *
   * @param scope what it is for, by spaces
   */
  public ObjectNode machine(UserPool pool, PoolClient client, String scope) {
    long now = clock.instant().getEpochSecond();
    var claims =
        Json.object()
            .put("sub", client.id())
            .put("token_use", "access")
            .put("scope", scope)
            .put("auth_time", now)
            .put("iss", issuer(pool))
            .put("exp", now + client.accessTokenValidity().toSeconds())
            .put("iat", now)
            .put("version", 2)
            .put("jti", UUID.randomUUID().toString())
            .put("client_id", client.id());
    return result(client, Jwt.sign(claims, key(pool.id())));
  }

  /**
   * New tokens for a refresh token.
   *
   * @param rotate whether the caller takes another refresh token, if the client rotates them
   */
  public ObjectNode refresh(PoolClient client, String refreshToken, boolean rotate) {
    var grant = grants.usable(client, refreshToken);
    var pool = pools.get(grant.poolId());
    var user =
        users
            .bySub(pool, grant.sub())
            .orElseThrow(() -> CognitoException.notAuthorized("Invalid Refresh Token"));
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    if (user.signOuts() != grant.signOuts()) {
      throw CognitoException.notAuthorized("Refresh Token has been revoked");
    }
    var answer = issue(pool, client, user, grant, null);
    if (rotate && client.rotatesRefreshTokens()) {
      var next = Grants.newToken(grant.origin());
      grants.save(grant.rotate(next, clock.millis() + client.rotationGrace().toMillis()));
      answer.put("RefreshToken", next);
    }
    return answer;
  }

  /**
   * Revokes a refresh token and what came from it.
   *
   * @return false if it is none of this client
   */
  public boolean revoke(PoolClient client, String refreshToken) {
    var grant = grants.byRefreshToken(client, refreshToken);
    grant.filter(found -> !found.revoked()).ifPresent(found -> grants.save(found.revoke()));
    return grant.isPresent();
  }

  /** The user of a refresh token, to whom a secret hash must belong. */
  public @Nullable User ownerOf(PoolClient client, String refreshToken) {
    return grants
        .byRefreshToken(client, refreshToken)
        .flatMap(grant -> users.bySub(pools.get(grant.poolId()), grant.sub()))
        .orElse(null);
  }

  /** New tokens for a refresh token by the flow REFRESH_TOKEN_AUTH, which never rotates. */
  public ObjectNode refresh(PoolClient client, String refreshToken) {
    return refresh(client, refreshToken, false);
  }

  private ObjectNode issue(
      UserPool pool, PoolClient client, User user, Grant grant, @Nullable String nonce) {
    var event = UUID.randomUUID().toString();
    var scope = grant.scope();
    var access = claims(pool, user, grant, "access", event, client.accessTokenValidity());
    access
        .put("client_id", client.id())
        .put("scope", scope == null ? Scopes.ADMIN : scope)
        .put("username", user.username());
    if (scope != null) {
      access.put("version", 2);
    }
    var key = key(pool.id());
    var accessToken = Jwt.sign(access, key);
    var answer = result(client, accessToken);
    if (scope != null && !Scopes.of(scope).contains(Scopes.OPENID)) {
      return answer;
    }
    var id = claims(pool, user, grant, "id", event, client.idTokenValidity());
    id.put("aud", client.id()).put("cognito:username", user.username());
    if (scope != null) {
      id.put("at_hash", Jwt.leftHalfOfHash(accessToken));
    }
    if (nonce != null) {
      id.put("nonce", nonce);
    }
    user.attributes()
        .forEach(
            (name, value) -> {
              if (name.equals("sub") || (scope != null && !Scopes.show(Scopes.of(scope), name))) {
                return;
              }
              if (name.equals(Identities.ATTRIBUTE)) {
                id.set(name, Identities.claim(value));
              } else if (name.endsWith("_verified")) {
                id.put(name, Boolean.parseBoolean(value));
              } else {
                id.put(name, value);
              }
            });
    return answer.put("IdToken", Jwt.sign(id, key));
  }

  private static ObjectNode result(PoolClient client, String accessToken) {
    return Json.object()
        .put("AccessToken", accessToken)
        .put("ExpiresIn", client.accessTokenValidity().toSeconds())
        .put("TokenType", "Bearer");
  }

  private ObjectNode claims(
      UserPool pool, User user, Grant grant, String use, String event, Duration validity) {
    long now = clock.instant().getEpochSecond();
    var claims = Json.object().put("sub", user.sub());
    var groups = pool.inOrder(user.groups());
    if (!groups.isEmpty()) {
      var names = claims.putArray("cognito:groups");
      groups.forEach(group -> names.add(group.name()));
    }
    return claims
        .put("iss", issuer(pool))
        .put("origin_jti", grant.origin())
        .put("event_id", event)
        .put("token_use", use)
        .put("auth_time", grant.authTime())
        .put("iat", now)
        .put("exp", now + validity.toSeconds())
        .put("jti", UUID.randomUUID().toString());
  }

  /**
   * Whom an access token is of.
   *
   * @param pool the pool
   * @param user the user
   * @param client the app client that it was made for
   * @param scopes what it is for
   */
  public record Bearer(UserPool pool, User user, PoolClient client, Set<String> scopes) {}

  /**
   * Checks an access token for the operations of the API: signature, use, expiry, scope,
   * revocation, account.
   */
  public Bearer verify(String accessToken) {
    return verify(accessToken, Scopes.ADMIN);
  }

  /** The same for what needs another scope. */
  public Bearer verify(String accessToken, String scope) {
    var claims =
        Jwt.verify(accessToken, this::publicKey)
            .filter(json -> json.path("token_use").asText().equals("access"))
            .orElseThrow(() -> CognitoException.notAuthorized("Invalid Access Token"));
    if (claims.path("exp").asLong() <= clock.instant().getEpochSecond()) {
      throw CognitoException.notAuthorized("Access Token has expired");
    }
    if (!Scopes.of(claims.path("scope").asText()).contains(scope)) {
      throw CognitoException.notAuthorized("Access Token does not have required scopes");
    }
    var grant = grants.find(claims.path("origin_jti").asText()).orElseThrow(Tokens::revoked);
    return bearer(claims, grant);
  }

  /**
   * Checks an ID token, as identity pools do: signature, use, pool, expiry; not revocation.
   *
   * @param provider {@code cognito-idp.region.amazonaws.com/poolId}
   * @return its claims
   */
  public JsonNode verifyLogin(String provider, String idToken) {
    var pool = provider.substring(provider.lastIndexOf('/') + 1);
    var claims =
        Jwt.verify(idToken, this::publicKey)
            .filter(json -> json.path("token_use").asText().equals("id"))
            .filter(json -> json.path("iss").asText().equals(issuer.apply(pool)))
            .orElseThrow(() -> CognitoException.notAuthorized("Invalid login token."));
    long now = clock.instant().getEpochSecond();
    long expires = claims.path("exp").asLong();
    if (expires <= now) {
      throw CognitoException.notAuthorized(
          "Invalid login token. Token expired: " + expires + " >= " + now);
    }
    return claims;
  }

  private Bearer bearer(JsonNode claims, Grant grant) {
    var pool = pools.get(grant.poolId());
    if (!claims.path("iss").asText().equals(issuer(pool))) {
      throw CognitoException.notAuthorized("Invalid Access Token");
    }
    var user = users.bySub(pool, grant.sub()).orElseThrow(CognitoException::userNotFound);
    if (!user.enabled()) {
      throw CognitoException.notAuthorized("User is disabled.");
    }
    if (grant.revoked()
        || user.signOuts() != grant.signOuts()
        || claims.path("iat").asLong() < user.accessFrom()) {
      throw revoked();
    }
    return new Bearer(
        pool, user, pool.client(grant.clientId()), Scopes.of(claims.path("scope").asText()));
  }

  private static CognitoException revoked() {
    return CognitoException.notAuthorized("Access Token has been revoked");
  }
}
