package dev.portico.auth.cognito;

import dev.portico.auth.administration.AdministrationOutcome;
import dev.portico.auth.administration.Listed;
import dev.portico.auth.administration.NewUser;
import dev.portico.auth.administration.User;
import dev.portico.auth.administration.UserAdministration;
import dev.portico.auth.error.Problem;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminCreateUserRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AliasExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.DeliveryMediumType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.MessageActionType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnsupportedUserStateException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;

/** Accounts by Cognito's ListUsers and its operations that begin with Admin. */
@Singleton
final class CognitoUserAdministration implements UserAdministration {
  /** Most characters of a filter, by the API reference of ListUsers. */
  private static final int MAX_FILTER = 256;

  private static final Pattern SUB = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final UserPool pool;

  CognitoUserAdministration(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public boolean isAlive(String accessToken) {
    return pool.call(
        "GetUser",
        cognito -> {
          try {
            cognito.getUser(request -> request.accessToken(accessToken));
            return true;
          } catch (NotAuthorizedException
              | UserNotFoundException
              | UserNotConfirmedException
              | PasswordResetRequiredException e) {
            return false;
          }
        });
  }

  @Override
  public Optional<Listed<User>> list(
      @Nullable String emailPrefix, int limit, @Nullable String token) {
    String filter = emailPrefix == null ? null : filter(emailPrefix);
    return pool.call(
        "ListUsers",
        cognito -> {
          try {
            var page =
                cognito.listUsers(
                    request -> {
                      request.userPoolId(pool.id()).limit(limit).paginationToken(token);
                      if (filter != null) {
                        request.filter(filter);
                      }
                    });
            return Optional.of(
                new Listed<>(
                    page.users().stream().map(PoolUsers::of).toList(), page.paginationToken()));
          } catch (InvalidParameterException e) {
            if (token == null) {
              throw e;
            }
            return Optional.empty();
          }
        });
  }

  /**
   * As the filter's grammar wants it, so that nothing can end the text and go on.
   *
   * @throws Problem 400 if Cognito would not take that much
   */
  private static String filter(String emailPrefix) {
    String escaped = emailPrefix.replace("\\", "\\\\").replace("\"", "\\\"");
    String filter = "email ^= \"" + escaped + '"';
    if (filter.length() > MAX_FILTER) {
      throw Problem.invalid("search", "is too long");
    }
    return filter;
  }

  /**
   * AdminGetUser takes the {@code sub} of the pool's own people only, and where people choose their
   * names, one of them may look like the {@code sub} of somebody else.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html">AdminGetUser</a>
   */
  @Override
  public Optional<User> find(String name) {
    Optional<User> named = named(name);
    return !SUB.matcher(name).matches() || named.filter(u -> u.sub().equals(name)).isPresent()
        ? named
        : nameOf(name).flatMap(this::named).or(() -> named);
  }

  /** The user name of whoever has this {@code sub}. */
  private Optional<String> nameOf(String sub) {
    return pool.call(
        "ListUsers",
        cognito ->
            cognito
                .listUsersPaginator(
                    request -> request.userPoolId(pool.id()).filter("sub = \"" + sub + '"'))
                .users()
                .stream()
                .map(UserType::username)
                .findFirst());
  }

  private Optional<User> named(String name) {
    return pool.call(
        "AdminGetUser",
        cognito -> {
          try {
            return Optional.of(
                PoolUsers.of(
                    cognito.adminGetUser(request -> request.userPoolId(pool.id()).username(name))));
          } catch (UserNotFoundException | InvalidParameterException e) { // or no name at all
            return Optional.empty();
          }
        });
  }

  @Override
  public List<String> groupsOf(String username) {
    return pool.call(
        "AdminListGroupsForUser",
        cognito -> {
          try {
            return cognito
                .adminListGroupsForUserPaginator(
                    request -> request.userPoolId(pool.id()).username(username))
                .groups()
                .stream()
                .map(GroupType::groupName)
                .toList();
          } catch (UserNotFoundException e) {
            return List.of();
          }
        });
  }

  @Override
  public AdministrationOutcome create(NewUser user) {
    var request =
        AdminCreateUserRequest.builder()
            .userPoolId(pool.id())
            .username(user.username())
            .temporaryPassword(user.temporaryPassword())
            .userAttributes(
                user.attributes().entrySet().stream()
                    .map(
                        each ->
                            AttributeType.builder()
                                .name(each.getKey())
                                .value(each.getValue())
                                .build())
                    .toList());
    if (user.invited()) {
      request.desiredDeliveryMediums(DeliveryMediumType.EMAIL);
    } else {
      request.messageAction(MessageActionType.SUPPRESS);
    }
    return pool.call(
        "AdminCreateUser",
        cognito -> {
          try {
            return new AdministrationOutcome.Made(
                PoolUsers.made(cognito.adminCreateUser(request.build()).user()));
          } catch (UsernameExistsException | AliasExistsException e) {
            return new AdministrationOutcome.AlreadyExists();
          } catch (InvalidPasswordException e) {
            return new AdministrationOutcome.PasswordRefused(PoolWords.of(e));
          } catch (InvalidParameterException | UserLambdaValidationException e) {
            return new AdministrationOutcome.Refused(PoolWords.of(e));
          }
        });
  }

  @Override
  public AdministrationOutcome inviteAgain(String username) {
    return order(
        "AdminCreateUser",
        cognito ->
            cognito.adminCreateUser(
                request ->
                    request
                        .userPoolId(pool.id())
                        .username(username)
                        .messageAction(MessageActionType.RESEND)
                        .desiredDeliveryMediums(DeliveryMediumType.EMAIL)));
  }

  @Override
  public AdministrationOutcome disable(String username) {
    return order(
        "AdminDisableUser",
        cognito ->
            cognito.adminDisableUser(request -> request.userPoolId(pool.id()).username(username)));
  }

  @Override
  public AdministrationOutcome enable(String username) {
    return order(
        "AdminEnableUser",
        cognito ->
            cognito.adminEnableUser(request -> request.userPoolId(pool.id()).username(username)));
  }

  @Override
  public AdministrationOutcome resetPassword(String username) {
    return order(
        "AdminResetUserPassword",
        cognito ->
            cognito.adminResetUserPassword(
                request -> request.userPoolId(pool.id()).username(username)));
  }

  @Override
  public AdministrationOutcome signOut(String username) {
    return order(
        "AdminUserGlobalSignOut",
        cognito ->
            cognito.adminUserGlobalSignOut(
                request -> request.userPoolId(pool.id()).username(username)));
  }

  @Override
  public AdministrationOutcome delete(String username) {
    return order(
        "AdminDeleteUser",
        cognito ->
            cognito.adminDeleteUser(request -> request.userPoolId(pool.id()).username(username)));
  }

  private AdministrationOutcome order(
      String operation, Consumer<CognitoIdentityProviderClient> order) {
    return pool.call(
        operation,
        cognito -> {
          try {
            order.accept(cognito);
            return new AdministrationOutcome.Done();
          } catch (UserNotFoundException e) {
            return new AdministrationOutcome.Missing();
          } catch (InvalidParameterException
              | NotAuthorizedException
              | UnsupportedUserStateException
              | LimitExceededException e) {
            return new AdministrationOutcome.WrongState(PoolWords.of(e));
          }
        });
  }
}
