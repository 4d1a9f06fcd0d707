package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An app client.
 *
 * @param id its {@code ClientId}
 * @param poolId the pool it belongs to
 * @param secret its {@code ClientSecret}, or null when it has none
 * @param settings as {@code UserPoolClientType}, defaults filled in
 * @param created in milliseconds since the epoch
 */
public record PoolClient(
    String id, String poolId, @Nullable String secret, ObjectNode settings, long created) {
  /** The name of the pool itself among identity providers. */
  public static final String POOL_ITSELF = "COGNITO";

  /** Whether it may use a flow, for example {@code ALLOW_USER_SRP_AUTH}. */
  public boolean allows(String flow) {
    return texts("ExplicitAuthFlows").contains(flow);
  }

  /**
   * Whether the hosted endpoints serve it by this flow: {@code code}, {@code client_credentials}.
   */
  public boolean allowsOAuth(String flow) {
    return settings.path("AllowedOAuthFlowsUserPoolClient").asBoolean(false)
        && texts("AllowedOAuthFlows").contains(flow);
  }

  /** The scopes that it may ask for. */
  public List<String> scopes() {
    return texts("AllowedOAuthScopes");
  }

  /** Where browsers may be sent back to with a code; each exactly. */
  public List<String> callbackUrls() {
    return texts("CallbackURLs");
  }

  /** Where browsers may be sent to that have signed out; each exactly. */
  public List<String> logoutUrls() {
    return texts("LogoutURLs");
  }

  /** By which its users may be proven at the hosted endpoints, {@link #POOL_ITSELF} among them. */
  public List<String> identityProviders() {
    return texts("SupportedIdentityProviders");
  }

  private List<String> texts(String setting) {
    var texts = new ArrayList<String>();
    settings.path(setting).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Whether answers must not tell if an account exists. */
  public boolean hidesUsers() {
    return settings.path("PreventUserExistenceErrors").asText().equals("ENABLED");
  }

  /** Whether refresh tokens and what came from them can be revoked. */
  public boolean revokesTokens() {
    return settings.path("EnableTokenRevocation").asBoolean(true);
  }

  /**
   * Whether people may write an attribute of theirs through it; all of them unless it says which.
   */
  public boolean mayWrite(String attribute) {
    var named = texts("WriteAttributes");
    return named.isEmpty() || named.contains(attribute);
  }

  /** Whether a refresh replaces the refresh token. */
  public boolean rotatesRefreshTokens() {
    return settings.path("RefreshTokenRotation").path("Feature").asText().equals("ENABLED");
  }

  /** How long a replaced refresh token still works. */
  public Duration rotationGrace() {
    return Duration.ofSeconds(
        settings.path("RefreshTokenRotation").path("RetryGracePeriodSeconds").asLong(0));
  }

  /** How long access tokens are good. */
  public Duration accessTokenValidity() {
    return validity("AccessToken", 1, "hours");
  }

  /** How long ID tokens are good. */
  public Duration idTokenValidity() {
    return validity("IdToken", 1, "hours");
  }

  /** How long refresh tokens are good. */
  public Duration refreshTokenValidity() {
    return validity("RefreshToken", 30, "days");
  }

  private Duration validity(String token, long otherwise, String otherwiseUnit) {
    // Zero asks for the default too.
    long amount = settings.path(token + "Validity").asLong(0);
    var unit = settings.path("TokenValidityUnits").path(token).asText(otherwiseUnit);
    if (amount == 0) {
      amount = otherwise;
      unit = otherwiseUnit;
    }
    return switch (unit) {
      case "seconds" -> Duration.ofSeconds(amount);
      case "minutes" -> Duration.ofMinutes(amount);
      case "hours" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** Checks a {@code SECRET_HASH} for a user name as the caller wrote it. */
  public void checkSecretHash(String username, @Nullable String hash) {
    if (secret == null) {
      if (hash != null) {
        throw CognitoException.notAuthorized(
            "Client " + id + " is not configured for secret but secret hash was received");
      }
      return;
    }
    if (hash == null) {
      throw CognitoException.notAuthorized(
          "Client " + id + " is configured with secret but SECRET_HASH was not received");
    }
    if (!same(secretHash(secret, username), hash)) {
      throw CognitoException.notAuthorized("Unable to verify secret hash for client " + id);
    }
  }

  /** Whether this is its secret; of one without a secret, whether none is given. */
  public boolean hasSecret(@Nullable String given) {
    return secret == null ? given == null : given != null && same(secret, given);
  }

  /** Checks the secret itself, as the calls do that know no user name. */
  public void checkSecret(@Nullable String given) {
    if (secret != null && (given == null || !same(secret, given))) {
      throw CognitoException.notAuthorized("Unable to verify secret for client " + id);
    }
  }

  private String secretHash(String key, String username) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal((username + id).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@code UserPoolClientType}. */
  public ObjectNode describe() {
    var json = settings.deepCopy().put("ClientId", id).put("UserPoolId", poolId);
    if (secret != null) {
      json.put("ClientSecret", secret);
    }
    return json.put("CreationDate", Json.time(created)).put("LastModifiedDate", Json.time(created));
  }
}
