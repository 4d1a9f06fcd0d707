package dev.portico.auth.cognito;

import dev.portico.auth.administration.AdministrationOutcome;
import dev.portico.auth.administration.Group;
import dev.portico.auth.administration.GroupAdministration;
import dev.portico.auth.administration.Listed;
import dev.portico.auth.administration.User;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/**
 * Groups by Cognito's ListGroups, GetGroup, CreateGroup, DeleteGroup, ListUsersInGroup,
 * AdminAddUserToGroup and AdminRemoveUserFromGroup.
 */
@Singleton
final class CognitoGroupAdministration implements GroupAdministration {
  private final UserPool pool;

  CognitoGroupAdministration(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public Optional<Listed<Group>> list(int limit, @Nullable String token) {
    return page(
        "ListGroups",
        token,
        cognito -> {
          var page =
              cognito.listGroups(
                  request -> request.userPoolId(pool.id()).limit(limit).nextToken(token));
          return new Listed<>(
              page.groups().stream().map(CognitoGroupAdministration::of).toList(),
              page.nextToken());
        });
  }

  @Override
  public Optional<Listed<User>> members(String group, int limit, @Nullable String token) {
    return page(
        "ListUsersInGroup",
        token,
        cognito -> {
          var page =
              cognito.listUsersInGroup(
                  request ->
                      request.userPoolId(pool.id()).groupName(group).limit(limit).nextToken(token));
          return new Listed<>(page.users().stream().map(PoolUsers::of).toList(), page.nextToken());
        });
  }

  /** A token that the pool does not know is the caller's fault; all else is not. */
  private <T> Optional<Listed<T>> page(
      String operation,
      @Nullable String token,
      Function<CognitoIdentityProviderClient, Listed<T>> call) {
    return pool.call(
        operation,
        cognito -> {
          try {
            return Optional.of(call.apply(cognito));
          } catch (InvalidParameterException e) {
            if (token == null) {
              throw e;
            }
            return Optional.empty();
          }
        });
  }

  private static Group of(GroupType group) {
    return new Group(group.groupName(), group.description(), group.precedence());
  }

  @Override
  public Optional<Group> find(String name) {
    return pool.call(
        "GetGroup",
        cognito -> {
          try {
            var answer = cognito.getGroup(request -> request.userPoolId(pool.id()).groupName(name));
            return Optional.of(of(answer.group()));
          } catch (ResourceNotFoundException e) {
            return missing(e);
          } catch (InvalidParameterException e) {
            return Optional.empty(); // no name at all
          }
        });
  }

  /** That the pool itself is not there is a matter of settings, and must be seen. */
  private static <T> Optional<T> missing(ResourceNotFoundException refusal) {
    if (PoolWords.blamePool(refusal)) {
      throw refusal;
    }
    return Optional.empty();
  }

  @Override
  public AdministrationOutcome create(Group group) {
    return pool.call(
        "CreateGroup",
        cognito -> {
          try {
            cognito.createGroup(
                request ->
                    request
                        .userPoolId(pool.id())
                        .groupName(group.name())
                        .description(group.description())
                        .precedence(group.precedence()));
            return new AdministrationOutcome.Done();
          } catch (GroupExistsException e) {
            return new AdministrationOutcome.AlreadyExists();
          } catch (InvalidParameterException | LimitExceededException e) {
            return new AdministrationOutcome.Refused(PoolWords.of(e));
          }
        });
  }

  @Override
  public AdministrationOutcome delete(String name) {
    return order(
        "DeleteGroup",
        cognito -> cognito.deleteGroup(request -> request.userPoolId(pool.id()).groupName(name)));
  }

  @Override
  public AdministrationOutcome add(String group, String username) {
    return order(
        "AdminAddUserToGroup",
        cognito ->
            cognito.adminAddUserToGroup(
                request -> request.userPoolId(pool.id()).groupName(group).username(username)));
  }

  @Override
  public AdministrationOutcome remove(String group, String username) {
    return order(
        "AdminRemoveUserFromGroup",
        cognito ->
            cognito.adminRemoveUserFromGroup(
                request -> request.userPoolId(pool.id()).groupName(group).username(username)));
  }

  private AdministrationOutcome order(
      String operation, Consumer<CognitoIdentityProviderClient> order) {
    return pool.call(
        operation,
        cognito -> {
          try {
            order.accept(cognito);
            return new AdministrationOutcome.Done();
          } catch (ResourceNotFoundException e) {
            missing(e);
            return new AdministrationOutcome.Missing();
          } catch (UserNotFoundException | InvalidParameterException e) {
            return new AdministrationOutcome.Missing();
          }
        });
  }
}
