package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Creates, describes, lists, changes and deletes resource servers. */
public final class ResourceServerOperations {
  private static final Pattern IDENTIFIER = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}");
  private static final Pattern SCOPE =
      Pattern.compile("[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]{1,256}");
  private static final int MOST_SCOPES = 100;
  private static final String SERVER = "ResourceServer";

  private final Pools pools;

  /** Makes them. */
  public ResourceServerOperations(Pools pools) {
    this.pools = pools;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("CreateResourceServer", this::create)
        .signed("DescribeResourceServer", this::describe)
        .signed("UpdateResourceServer", this::update)
        .signed("DeleteResourceServer", this::delete)
        .signed("ListResourceServers", this::list);
  }

  private ObjectNode create(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var server = server(params);
    if (pool.resourceServers().containsKey(server.identifier())) {
      throw CognitoException.invalidParameter(
          server.identifier() + " already exists in user pool " + pool.id() + ".");
    }
    return keep(pool, server);
  }

  private ObjectNode update(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    pool.resourceServer(params.text("Identifier"));
    return keep(pool, server(params));
  }

  private ObjectNode keep(UserPool pool, ResourceServer server) {
    pool.resourceServers().put(server.identifier(), server);
    pools.save(pool);
    return Json.object(SERVER, server.describe(pool.id()));
  }

  private static ResourceServer server(Params params) {
    var identifier = params.text("Identifier");
    if (!IDENTIFIER.matcher(identifier).matches()) {
      throw pattern("Identifier", identifier, IDENTIFIER);
    }
    return new ResourceServer(identifier, params.text("Name"), scopes(params));
  }

  private static Map<String, String> scopes(Params params) {
    var scopes = new LinkedHashMap<String, String>();
    for (var scope : params.json().path("Scopes")) {
      var name = scope.path("ScopeName").asText();
      if (!SCOPE.matcher(name).matches()) {
        throw pattern("Scopes", name, SCOPE);
      }
      scopes.put(name, scope.path("ScopeDescription").asText());
    }
    if (scopes.size() > MOST_SCOPES) {
      throw Params.invalid(
          "Scopes",
          scopes.size() + " scopes",
          "Member must have length less than or equal to " + MOST_SCOPES);
    }
    return scopes;
  }

  private static CognitoException pattern(String name, String value, Pattern pattern) {
    return Params.invalid(
        name, value, "Member must satisfy regular expression pattern: " + pattern.pattern());
  }

  private ObjectNode describe(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Json.object(SERVER, pool.resourceServer(params.text("Identifier")).describe(pool.id()));
  }

  private ObjectNode delete(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    pool.resourceServers().remove(pool.resourceServer(params.text("Identifier")).identifier());
    pools.save(pool);
    return Json.object();
  }

  private ObjectNode list(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Pages.page(
        "ResourceServers",
        "NextToken",
        List.copyOf(pool.resourceServers().values()),
        params.number("MaxResults", 50, 1, 50),
        params.optionalText("NextToken"),
        server -> server.describe(pool.id()));
  }
}
