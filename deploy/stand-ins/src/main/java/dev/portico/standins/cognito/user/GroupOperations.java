package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.Group;
import dev.portico.standins.cognito.pool.Pages;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.protocol.Operations;
import dev.portico.standins.cognito.protocol.Params;
import java.time.Clock;
import java.util.List;

/** Groups and who is in them. */
public final class GroupOperations {
  private final Pools pools;
  private final Users users;
  private final Clock clock;

  /** Makes them. */
  public GroupOperations(Pools pools, Users users, Clock clock) {
    this.pools = pools;
    this.users = users;
    this.clock = clock;
  }

  /** Adds the operations of this class. */
  public void register(Operations operations) {
    operations
        .signed("CreateGroup", this::create)
        .signed("GetGroup", this::get)
        .signed("ListGroups", this::list)
        .signed("DeleteGroup", this::delete)
        .signed(
            "AdminAddUserToGroup",
            AdminUserOperations.changing(
                pools,
                users,
                (pool, user, params) ->
                    user.groups().add(pool.group(params.text("GroupName")).name())))
        .signed(
            "AdminRemoveUserFromGroup",
            AdminUserOperations.changing(
                pools,
                users,
                (pool, user, params) ->
                    user.groups().remove(pool.group(params.text("GroupName")).name())))
        .signed("AdminListGroupsForUser", this::listOfUser)
        .signed("ListUsersInGroup", this::listUsers);
  }

  private ObjectNode create(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var name = params.text("GroupName");
    if (pool.groups().containsKey(name)) {
      throw CognitoException.of("GroupExistsException", "A group with the name already exists.");
    }
    var precedence =
        params.json().hasNonNull("Precedence")
            ? Integer.valueOf(params.number("Precedence", 0, 0, Integer.MAX_VALUE))
            : null;
    var group =
        new Group(
            name,
            params.optionalText("Description"),
            precedence,
            params.optionalText("RoleArn"),
            clock.millis());
    pool.groups().put(name, group);
    pools.save(pool);
    return Json.object("Group", group.describe(pool.id()));
  }

  private ObjectNode get(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return Json.object("Group", pool.group(params.text("GroupName")).describe(pool.id()));
  }

  private ObjectNode delete(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var name = pool.group(params.text("GroupName")).name();
    pool.groups().remove(name);
    pools.save(pool);
    for (var member : users.all(pool)) {
      if (member.groups().remove(name)) {
        users.save(pool, member);
      }
    }
    return Json.object();
  }

  private ObjectNode list(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    return page(params, pool.id(), List.copyOf(pool.groups().values()));
  }

  private ObjectNode listOfUser(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var user = users.get(pool, params.text("Username"));
    return page(params, pool.id(), pool.inOrder(user.groups()));
  }

  private static ObjectNode page(Params params, String poolId, List<Group> groups) {
    return Pages.page(
        "Groups",
        "NextToken",
        groups,
        params.number("Limit", 60, 1, 60),
        params.optionalText("NextToken"),
        group -> group.describe(poolId));
  }

  private ObjectNode listUsers(Params params) {
    var pool = pools.get(params.text("UserPoolId"));
    var group = pool.group(params.text("GroupName"));
    return Pages.page(
        "Users",
        "NextToken",
        users.all(pool).stream().filter(user -> user.groups().contains(group.name())).toList(),
        params.number("Limit", 60, 1, 60),
        params.optionalText("NextToken"),
        user -> user.describe("Attributes"));
  }
}
