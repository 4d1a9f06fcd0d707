package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.Json;
import java.util.List;
import java.util.Map;

/**
 * A provider that proves people besides the pool itself, by OpenID Connect.
 *
 * @param name unique in its pool
 * @param details the {@code ProviderDetails}: who the pool is there, and where that is
 * @param mapping what attributes of the pool take their values from, by their names
 * @param identifiers other names of it, by which apps may ask for it
 * @param created in milliseconds since the epoch
 * @param modified in milliseconds since the epoch
 */
public record IdentityProvider(
    String name,
    Map<String, String> details,
    Map<String, String> mapping,
    List<String> identifiers,
    long created,
    long modified) {
  /** The type, as Cognito names it. */
  public static final String TYPE = "OIDC";

  /** A detail; empty if there is none. */
  public String detail(String key) {
    return details.getOrDefault(key, "");
  }

  /** The pool's id at the provider. */
  public String clientId() {
    return detail("client_id");
  }

  /** The {@code iss} of the provider's ID tokens. */
  public String issuer() {
    return detail("oidc_issuer");
  }

  /** As {@code IdentityProviderType}. */
  ObjectNode describe(String poolId) {
    var json = summary().put("UserPoolId", poolId);
    details.forEach(json.putObject("ProviderDetails")::put);
    mapping.forEach(json.putObject("AttributeMapping")::put);
    json.set("IdpIdentifiers", Json.list(identifiers, Json::text));
    return json;
  }

  /** As {@code ProviderDescription}. */
  ObjectNode summary() {
    return Json.object()
        .put("ProviderName", name)
        .put("ProviderType", TYPE)
        .put("CreationDate", Json.time(created))
        .put("LastModifiedDate", Json.time(modified));
  }
}
