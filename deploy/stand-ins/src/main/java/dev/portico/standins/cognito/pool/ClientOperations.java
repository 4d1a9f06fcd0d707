package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.store.RandomText;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Creates, describes, changes, deletes and lists app clients. */
public final class ClientOperations {
  private static final String NAME = "ClientName";
  private static final List<String> KEPT =
      List.of(
          NAME,
          "RefreshTokenValidity",
          "AccessTokenValidity",
          "IdTokenValidity",
          "TokenValidityUnits",
          "ReadAttributes",
          "WriteAttributes",
          "ExplicitAuthFlows",
          "SupportedIdentityProviders",
          "CallbackURLs",
          "LogoutURLs",
          "DefaultRedirectURI",
          "AllowedOAuthFlows",
          "AllowedOAuthScopes",
          "AllowedOAuthFlowsUserPoolClient",
          "PreventUserExistenceErrors",
          "EnableTokenRevocation",
          "AuthSessionValidity",
          "RefreshTokenRotation");
  private static final Set<String> FLOWS =
      Set.of(
          "ALLOW_ADMIN_USER_PASSWORD_AUTH",
          "ALLOW_USER_PASSWORD_AUTH",
          "ALLOW_USER_SRP_AUTH",
          "ALLOW_REFRESH_TOKEN_AUTH",
          "ALLOW_CUSTOM_AUTH",
          "ALLOW_USER_AUTH");

  private final Pools pools;
  private final Clock clock;

  /** Makes them. */
  public ClientOperations(Pools pools, Clock clock) {
    this.pools = pools;
    this.clock = clock;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("CreateUserPoolClient", this::create)
        .signed("DescribeUserPoolClient", this::describe)
        .signed("UpdateUserPoolClient", this::update)
        .signed("DeleteUserPoolClient", this::delete)
        .signed("ListUserPoolClients", this::list);
  }

  private ObjectNode create(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    params.text("ClientName");
    var secret = params.flag("GenerateSecret") ? RandomText.lower(51) : null;
    return keep(
        pool,
        new PoolClient(RandomText.lower(26), pool.id(), secret, settings(params), clock.millis()));
  }

  /** Replaces all settings: what is not given takes its default, as at AWS. */
  private ObjectNode update(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var client = pool.client(params.text("ClientId"));
    var settings = settings(params);
    if (!settings.has(NAME)) {
      settings.set(NAME, client.settings().path(NAME));
    }
    return keep(
        pool, new PoolClient(client.id(), pool.id(), client.secret(), settings, client.created()));
  }

  private ObjectNode delete(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    pool.clients().remove(pool.client(params.text("ClientId")).id());
    pools.save(pool);
    return Json.object();
  }

  private ObjectNode keep(UserPool pool, PoolClient client) {
    HostedLoginSettings.check(pool, client);
    pool.clients().put(client.id(), client);
    pools.save(pool);
    return Json.object("UserPoolClient", client.describe());
  }

  private static ObjectNode settings(Params params) {
    var settings = Json.object();
    for (var name : KEPT) {
      var value = params.json().get(name);
      if (value != null) {
        settings.set(name, value);
      }
    }
    defaults(settings);
    check(settings);
    return settings;
  }

  private static void defaults(ObjectNode settings) {
    if (!settings.has("ExplicitAuthFlows")) {
      settings
          .putArray("ExplicitAuthFlows")
          .add("ALLOW_REFRESH_TOKEN_AUTH")
          .add("ALLOW_USER_SRP_AUTH")
          .add("ALLOW_CUSTOM_AUTH");
    }
    if (!settings.has("EnableTokenRevocation")) {
      settings.put("EnableTokenRevocation", true);
    }
    if (!settings.has("RefreshTokenValidity")) {
      settings.put("RefreshTokenValidity", 30);
    }
    if (!settings.has("AuthSessionValidity")) {
      settings.put("AuthSessionValidity", 3);
    }
    if (!settings.has("PreventUserExistenceErrors")) {
      settings.put("PreventUserExistenceErrors", "LEGACY");
    }
  }

  private static void check(ObjectNode settings) {
    for (var flow : settings.path("ExplicitAuthFlows")) {
      if (!FLOWS.contains(flow.asText())) {
        throw Params.invalid(
            "ExplicitAuthFlows", flow.asText(), "Member must satisfy enum value set: " + FLOWS);
      }
      if (flow.asText().equals("ALLOW_REFRESH_TOKEN_AUTH")
          && settings.path("RefreshTokenRotation").path("Feature").asText().equals("ENABLED")) {
        throw CognitoException.invalidParameter(
            "ALLOW_REFRESH_TOKEN_AUTH cannot be combined with refresh token rotation; use"
                + " GetTokensFromRefreshToken");
      }
    }
  }

  private ObjectNode describe(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Json.object("UserPoolClient", pool.client(params.text("ClientId")).describe());
  }

  private ObjectNode list(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Pages.page(
        "UserPoolClients",
        "NextToken",
        List.copyOf(pool.clients().values()),
        params.number("MaxResults", 60, 1, 60),
        params.optionalText("NextToken"),
        client ->
            Json.object()
                .put("ClientId", client.id())
                .put("UserPoolId", pool.id())
                .put("ClientName", client.settings().path("ClientName").asText()));
  }
}
