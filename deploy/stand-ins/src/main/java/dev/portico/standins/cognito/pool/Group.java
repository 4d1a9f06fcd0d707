package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.Json;
import org.jspecify.annotations.Nullable;

/**
 * A group of users.
 *
 * @param name unique in its pool
 * @param description shown to administrators
 * @param precedence the order among groups, lower first; null is last
 * @param roleArn the IAM role that its members may take
 * @param created in milliseconds since the epoch
 */
public record Group(
    String name,
    @Nullable String description,
    @Nullable Integer precedence,
    @Nullable String roleArn,
    long created) {
  /** As {@code GroupType}. */
  public ObjectNode describe(String poolId) {
    var json = Json.object().put("GroupName", name).put("UserPoolId", poolId);
    if (description != null) {
      json.put("Description", description);
    }
    if (precedence != null) {
      json.put("Precedence", precedence);
    }
    if (roleArn != null) {
      json.put("RoleArn", roleArn);
    }
    return json.put("CreationDate", Json.time(created)).put("LastModifiedDate", Json.time(created));
  }
}
