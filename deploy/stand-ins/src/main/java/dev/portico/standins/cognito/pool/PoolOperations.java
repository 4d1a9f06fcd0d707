package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.util.List;
import java.util.function.ToIntFunction;

/** Creates, describes and lists pools. */
public final class PoolOperations {
  private static final List<String> KEPT =
      List.of(
          "Policies",
          "DeletionProtection",
          "AutoVerifiedAttributes",
          "AliasAttributes",
          "UsernameAttributes",
          "EmailConfiguration",
          "AdminCreateUserConfig",
          "UserPoolTags",
          "AccountRecoverySetting",
          "UserAttributeUpdateSettings",
          "VerificationMessageTemplate",
          "UserPoolTier");

  private final Pools pools;
  private final Clock clock;
  private final String region;
  private final ToIntFunction<String> countUsers;

  /**
   * Makes them.
   *
   * @param countUsers how many users the pool of an id has
   */
  public PoolOperations(Pools pools, Clock clock, String region, ToIntFunction<String> countUsers) {
    this.pools = pools;
    this.clock = clock;
    this.region = region;
    this.countUsers = countUsers;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("CreateUserPool", this::create)
        .signed("DescribeUserPool", this::describe)
        .signed("ListUserPools", this::list);
  }

  private ObjectNode create(Params params) {
    if (!params.json().path("MfaConfiguration").asText("OFF").equals("OFF")) {
      throw CognitoException.unsupported(
          "MfaConfiguration at creation, which needs text messages; use SetUserPoolMfaConfig");
    }
    if (!params.json().path("LambdaConfig").isEmpty()) {
      throw CognitoException.unsupported("Lambda triggers");
    }
    var settings = Json.object().put("Name", params.text("PoolName"));
    for (var name : KEPT) {
      var value = params.json().get(name);
      if (value != null) {
        settings.set(name, value);
      }
    }
    settings.set("UsernameConfiguration", usernameConfiguration(params));
    settings.set("SchemaAttributes", schema(params));
    settings.put("MfaConfiguration", "OFF").set("LambdaConfig", Json.object());
    defaults(settings);
    var id = region + "_" + RandomText.mixed(9);
    settings.put("Arn", "arn:aws:cognito-idp:" + region + ":000000000000:userpool/" + id);
    var pool = new UserPool(id, settings, clock.millis());
    pools.save(pool);
    return Json.object("UserPool", pool.describe(0));
  }

  private static JsonNode usernameConfiguration(Params params) {
    return Json.object()
        .put(
            "CaseSensitive",
            params.json().path("UsernameConfiguration").path("CaseSensitive").asBoolean(false));
  }

  /** Custom attributes get their prefix; {@code sub} is always there. */
  private static JsonNode schema(Params params) {
    var attributes = JsonNodeFactory.instance.arrayNode();
    attributes.add(
        Json.object()
            .put("Name", "sub")
            .put("AttributeDataType", "String")
            .put("Mutable", false)
            .put("Required", true));
    for (var given : params.json().path("Schema")) {
      var attribute = ((ObjectNode) given).deepCopy();
      var name = given.path("Name").asText();
      boolean standard = UserPool.isStandard(name);
      attribute.put("Name", standard ? name : "custom:" + name);
      attributes.add(attribute);
    }
    return attributes;
  }

  private static void defaults(ObjectNode settings) {
    var policies = settings.withObject("/Policies/PasswordPolicy");
    putIfAbsent(policies, "MinimumLength", 8);
    for (var kind : List.of("Uppercase", "Lowercase", "Numbers", "Symbols")) {
      if (!policies.has("Require" + kind)) {
        policies.put("Require" + kind, true);
      }
    }
    putIfAbsent(policies, "TemporaryPasswordValidityDays", 7);
    var creation = settings.withObject("/AdminCreateUserConfig");
    if (!creation.has("AllowAdminCreateUserOnly")) {
      creation.put("AllowAdminCreateUserOnly", false);
    }
  }

  private static void putIfAbsent(ObjectNode node, String name, int value) {
    if (!node.has(name)) {
      node.put(name, value);
    }
  }

  private ObjectNode describe(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Json.object("UserPool", pool.describe(countUsers.applyAsInt(pool.id())));
  }

  private ObjectNode list(Params params) {
    int most = params.number("MaxResults", 60, 1, 60);
    return Pages.page(
        "UserPools",
        "NextToken",
        List.copyOf(pools.all()),
        most,
        params.optionalText("NextToken"),
        pool ->
            Json.object()
                .put("Id", pool.id())
                .put("Name", pool.name())
                .put("CreationDate", Json.time(pool.created()))
                .put("LastModifiedDate", Json.time(pool.created())));
  }
}
