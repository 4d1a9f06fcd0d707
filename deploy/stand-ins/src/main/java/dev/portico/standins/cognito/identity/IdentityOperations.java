package dev.portico.standins.cognito.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.store.RandomText;
import dev.portico.standins.cognito.token.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/** GetId and GetCredentialsForIdentity of Cognito's identity pools. */
public final class IdentityOperations {
  private static final Duration VALIDITY = Duration.ofHours(1);
  private static final Pattern ID = Pattern.compile("[\\w-]+:[0-9a-f-]{36}");

  private final Tokens tokens;
  private final Clock clock;
  private final String region;

  /** Makes them. */
  public IdentityOperations(Tokens tokens, Clock clock, String region) {
    this.tokens = tokens;
    this.clock = clock;
    this.region = region;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations.open("GetId", this::getId).open("GetCredentialsForIdentity", this::getCredentials);
  }

  private ObjectNode getId(Params params) {
    var pool = params.text("IdentityPoolId");
    if (!ID.matcher(pool).matches()) {
      throw Params.invalid(
          "IdentityPoolId",
          pool,
          "Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+");
    }
    if (!pool.startsWith(region + ":")) {
      throw CognitoException.notFound("IdentityPool '" + pool + "' not found.");
    }
    return Json.object().put("IdentityId", identity(login(params)));
  }

  /** The same for a user in every pool, since the stub keeps none. */
  private String identity(JsonNode claims) {
    var name = claims.path("sub").asText().getBytes(StandardCharsets.UTF_8);
    return region + ":" + UUID.nameUUIDFromBytes(name);
  }

  private ObjectNode getCredentials(Params params) {
    var identity = params.text("IdentityId");
    if (!identity.equals(identity(login(params)))) {
      throw CognitoException.notAuthorized("Access to Identity '" + identity + "' is forbidden.");
    }
    var credentials =
        Json.object()
            .put("AccessKeyId", "ASIA" + RandomText.lower(16).toUpperCase(Locale.ROOT))
            .put("SecretKey", RandomText.mixed(40))
            .put("SessionToken", RandomText.base64(256))
            .put("Expiration", Json.time(clock.millis() + VALIDITY.toMillis()));
    return Json.object("Credentials", credentials).put("IdentityId", identity);
  }

  /** The claims of the one login, an ID token of a user pool. */
  private JsonNode login(Params params) {
    var logins = params.map("Logins");
    if (logins.isEmpty()) {
      throw CognitoException.notAuthorized(
          "Unauthenticated access is not supported for this identity pool.");
    }
    var login = logins.entrySet().iterator().next();
    return tokens.verifyLogin(login.getKey(), login.getValue());
  }
}
