package dev.portico.auth.cognito;

import dev.portico.auth.user.UserDirectory;
import dev.portico.auth.user.UserProfile;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/** Users by Cognito's GetUser. */
@Singleton
final class CognitoUsers implements UserDirectory {
  private final UserPool pool;

  CognitoUsers(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public Optional<UserProfile> find(String accessToken) {
    return pool.call(
        "GetUser",
        cognito -> {
          try {
            var user = cognito.getUser(request -> request.accessToken(accessToken));
            Map<String, String> attributes = new HashMap<>();
            user.userAttributes()
                .forEach(attribute -> attributes.put(attribute.name(), attribute.value()));
            return Optional.of(
                new UserProfile(user.username(), user.userMFASettingList(), attributes));
          } catch (NotAuthorizedException
              | UserNotFoundException
              | UserNotConfirmedException
              | PasswordResetRequiredException e) {
            return Optional.empty();
          }
        });
  }
}
