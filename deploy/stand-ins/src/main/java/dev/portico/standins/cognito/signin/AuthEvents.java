package dev.portico.standins.cognito.signin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.Pages;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import dev.portico.standins.cognito.user.Users;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * How administrators' sign-ins of users ended, and what the server said about where they came from.
 * The last sixty of each user, not kept over restarts.
 */
final class AuthEvents {
  private static final int KEPT = 60;
  private static final List<String> REQUIRED = List.of("IpAddress", "ServerName", "ServerPath");

  private final Pools pools;
  private final Users users;
  private final Clock clock;
  private final Map<String, Deque<ObjectNode>> byUser = new HashMap<>();

  AuthEvents(Pools pools, Users users, Clock clock) {
    this.pools = pools;
    this.users = users;
    this.clock = clock;
  }

  void register(Operations operations) {
    operations.signed("AdminListUserAuthEvents", this::list);
  }

  /** Makes a sign-in and writes down how it ended. */
  ObjectNode observe(UserPool pool, Params params, Supplier<ObjectNode> signIn) {
    checkContext(params);
    var context = params.json().path("ContextData");
    var address = context.path("IpAddress").asText();
    var name = params.map("AuthParameters").getOrDefault("USERNAME", "");
    try {
      var answer = signIn.get();
      add(pool, name, answer.has("ChallengeName") ? "InProgress" : "Pass", address);
      return answer;
    } catch (CognitoException e) {
      add(pool, name, "Fail", address);
      throw e;
    }
  }

  /** All members of ContextDataType but one are required. */
  static void checkContext(Params params) {
    var context = params.json().path("ContextData");
    if (context.isMissingNode()) {
      return;
    }
    for (var name : REQUIRED) {
      if (context.path(name).asText().isEmpty()) {
        throw Params.invalid("contextData." + name, "null", "Member must not be null");
      }
    }
    if (!context.path("HttpHeaders").isArray()) {
      throw Params.invalid("contextData.HttpHeaders", "null", "Member must not be null");
    }
  }

  private void add(UserPool pool, String name, String response, String address) {
    users
        .find(pool, name)
        .ifPresent(
            user -> {
              var events = byUser.computeIfAbsent(user.sub(), sub -> new ArrayDeque<>());
              var event =
                  Json.object()
                      .put("EventId", UUID.randomUUID().toString())
                      .put("EventType", "SignIn")
                      .put("CreationDate", Json.time(clock.millis()))
                      .put("EventResponse", response);
              event.putObject("EventContextData").put("IpAddress", address);
              events.addFirst(event);
              if (events.size() > KEPT) {
                events.removeLast();
              }
            });
  }

  private ObjectNode list(Params params) {
    var user = users.get(pools.get(params.text("UserPoolId")), params.text("Username"));
    return Pages.page(
        "AuthEvents",
        "NextToken",
        List.copyOf(byUser.getOrDefault(user.sub(), new ArrayDeque<>())),
        params.number("MaxResults", KEPT, 0, KEPT),
        params.optionalText("NextToken"),
        event -> event);
  }
}
