package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import java.util.List;
import java.util.Set;

/** Whether a pool has, and whether it demands, a second factor. */
public final class PoolMfaOperations {
  private static final Set<String> MODES = Set.of("OFF", "OPTIONAL", "ON");
  private static final List<String> FACTORS =
      List.of(
          UserPool.TOTP_CONFIGURATION,
          UserPool.EMAIL_CODE_CONFIGURATION,
          UserPool.TEXT_CODE_CONFIGURATION);

  private final Pools pools;

  /** Makes them. */
  public PoolMfaOperations(Pools pools) {
    this.pools = pools;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("SetUserPoolMfaConfig", this::set)
        .signed("GetUserPoolMfaConfig", params -> describe(pool(params)));
  }

  private UserPool pool(Params params) {
    return pools.get(params.text("UserPoolId"));
  }

  private ObjectNode set(Params params) {
    var pool = pool(params);
    var mode = params.optionalText("MfaConfiguration");
    var chosen = mode == null ? "OFF" : mode;
    if (!MODES.contains(chosen)) {
      throw Params.invalid(
          "MfaConfiguration", chosen, "Member must satisfy enum value set: " + MODES);
    }
    var texts = params.json().path(UserPool.TEXT_CODE_CONFIGURATION);
    if (!texts.isMissingNode() && texts.at("/SmsConfiguration/SnsCallerArn").asText().isEmpty()) {
      throw CognitoException.invalidParameter(
          "SMS configuration and Auto verification for phone_number are required when MFA is"
              + " required/optional");
    }
    if (!chosen.equals("OFF")
        && !params.json().path(UserPool.TOTP_CONFIGURATION).path("Enabled").asBoolean(false)
        && !params.json().has(UserPool.EMAIL_CODE_CONFIGURATION)
        && texts.isMissingNode()) {
      throw CognitoException.invalidParameter(
          "Invalid MFA configuration given, can't turn on MFA and disable all MFAs");
    }
    pool.settings().put("MfaConfiguration", chosen);
    for (var factor : FACTORS) {
      var given = params.json().get(factor);
      if (given == null) {
        pool.settings().remove(factor);
      } else {
        pool.settings().set(factor, given);
      }
    }
    pools.save(pool);
    return describe(pool);
  }

  private static ObjectNode describe(UserPool pool) {
    var answer =
        Json.object()
            .put("MfaConfiguration", pool.settings().path("MfaConfiguration").asText("OFF"));
    for (var factor : FACTORS) {
      var known = pool.settings().get(factor);
      if (known != null) {
        answer.set(factor, known);
      }
    }
    return answer;
  }
}
