package dev.portico.standins.cognito.token;

import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.store.DataFolder;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.user.User;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All sign-ins whose refresh token has not expired, kept in a folder. */
final class Grants {
  private final DataFolder data;
  private final Clock clock;
  private final Map<String, Grant> byOrigin = new HashMap<>();

  Grants(DataFolder data, Clock clock) {
    this.data = data;
    this.clock = clock;
    // A day of mercy, since access tokens may outlive the refresh token.
    long dead = clock.millis() - Duration.ofDays(1).toMillis();
    for (var file : data.list("grants")) {
      data.read("grants/" + file, Grant.class)
          .ifPresent(
              grant -> {
                if (grant.expires() < dead) {
                  data.delete("grants/" + file);
                } else {
                  byOrigin.put(grant.origin(), grant);
                }
              });
    }
  }

  /** A new sign-in with its refresh token. */
  record Opened(Grant grant, String refreshToken) {}

  /**
   * Opens one.
   *
   * @param authTime when the user was proven, in seconds since the epoch
   * @param scope what its tokens are for; null when the hosted endpoints have no part in it
   */
  Opened open(PoolClient client, User user, long authTime, @Nullable String scope) {
    var origin = UUID.randomUUID().toString();
    var token = newToken(origin);
    var grant =
        new Grant(
            origin,
            client.poolId(),
            user.sub(),
            client.id(),
            authTime,
            clock.millis() + client.refreshTokenValidity().toMillis(),
            user.signOuts(),
            false,
            Grant.hash(token),
            null,
            0,
            scope);
    save(grant);
    return new Opened(grant, token);
  }

  static String newToken(String origin) {
    return origin + "." + RandomText.base64(48);
  }

  Optional<Grant> find(String origin) {
    return Optional.ofNullable(byOrigin.get(origin));
  }

  /** The sign-in that a refresh token of this client belongs to, whether it is over or not. */
  Optional<Grant> byRefreshToken(PoolClient client, String token) {
    int dot = token.indexOf('.');
    var grant = dot < 0 ? null : byOrigin.get(token.substring(0, dot));
    if (grant == null || !grant.clientId().equals(client.id())) {
      return Optional.empty();
    }
    var hash = Grant.hash(token);
    return hash.equals(grant.refresh()) || hash.equals(grant.previous())
        ? Optional.of(grant)
        : Optional.empty();
  }

  /** The sign-in that a refresh token can still refresh, or what Cognito throws. */
  Grant usable(PoolClient client, String token) {
    var grant =
        byRefreshToken(client, token)
            .orElseThrow(() -> CognitoException.notAuthorized("Invalid Refresh Token"));
    if (grant.revoked()) {
      throw CognitoException.notAuthorized("Refresh Token has been revoked");
    }
    if (grant.expires() <= clock.millis()) {
      throw CognitoException.notAuthorized("Refresh Token has expired");
    }
    if (!Grant.hash(token).equals(grant.refresh()) && grant.previousUntil() <= clock.millis()) {
      throw CognitoException.of(
          "RefreshTokenReuseException", "Refresh token has been invalidated by rotation");
    }
    return grant;
  }

  void save(Grant grant) {
    byOrigin.put(grant.origin(), grant);
    data.write("grants/" + grant.origin() + ".json", grant);
  }
}
