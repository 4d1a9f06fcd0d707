package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.Json;
import java.util.Map;

/**
 * An API that access tokens are for.
 *
 * @param identifier unique in its pool
 * @param name shown to administrators
 * @param scopes their descriptions by name; a token names them as {@code identifier/name}
 */
public record ResourceServer(String identifier, String name, Map<String, String> scopes) {
  /** Whether it has this scope, written with its identifier. */
  boolean has(String scope) {
    return scope.startsWith(identifier + "/")
        && scopes.containsKey(scope.substring(identifier.length() + 1));
  }

  /** As {@code ResourceServerType}. */
  ObjectNode describe(String poolId) {
    var json =
        Json.object().put("UserPoolId", poolId).put("Identifier", identifier).put("Name", name);
    json.set(
        "Scopes",
        Json.list(
            scopes.entrySet(),
            scope ->
                Json.object()
                    .put("ScopeName", scope.getKey())
                    .put("ScopeDescription", scope.getValue())));
    return json;
  }
}
