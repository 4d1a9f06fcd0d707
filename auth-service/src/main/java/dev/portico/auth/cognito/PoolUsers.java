package dev.portico.auth.cognito;

import dev.portico.auth.administration.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminGetUserResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserType;

/** Accounts as Cognito tells them, in lists and one by one. */
final class PoolUsers {
  private PoolUsers() {}

  static User of(UserType user) {
    return of(user, null);
  }

  /** One that was made just now, which has no second factor yet. */
  static User made(UserType user) {
    return of(user, List.of());
  }

  private static User of(UserType user, @Nullable List<String> mfa) {
    return of(
        user.username(),
        user.attributes(),
        user.userStatusAsString(),
        user.enabled(),
        user.userCreateDate(),
        user.userLastModifiedDate(),
        mfa);
  }

  static User of(AdminGetUserResponse user) {
    return of(
        user.username(),
        user.userAttributes(),
        user.userStatusAsString(),
        user.enabled(),
        user.userCreateDate(),
        user.userLastModifiedDate(),
        List.copyOf(user.userMFASettingList()));
  }

  private static User of(
      String username,
      List<AttributeType> attributes,
      String status,
      Boolean enabled,
      Instant created,
      Instant modified,
      @Nullable List<String> mfa) {
    Map<String, String> others = new TreeMap<>();
    attributes.forEach(attribute -> others.put(attribute.name(), attribute.value()));
    String sub = others.remove("sub");
    String email = others.remove("email");
    boolean verified = Boolean.parseBoolean(others.remove("email_verified"));
    others.keySet().removeIf(name -> name.startsWith("cognito:"));
    return new User(
        sub == null ? username : sub,
        username,
        email,
        verified,
        status,
        enabled,
        created,
        modified,
        others,
        mfa,
        null);
  }
}
