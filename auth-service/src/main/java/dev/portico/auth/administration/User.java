package dev.portico.auth.administration;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An account.
 *
 * @param sub the user's id, which never changes
 * @param username the pool's name of the user
 * @param email the address, if known
 * @param emailVerified whether the address was proven
 * @param status in Cognito's words: {@code CONFIRMED}, {@code UNCONFIRMED}, {@code
 *     FORCE_CHANGE_PASSWORD}, {@code RESET_REQUIRED} and others
 * @param enabled whether it may sign in
 * @param created when it was made
 * @param modified when it was last changed
 * @param attributes what else the pool knows of the user, by Cognito's names
 * @param mfa second factors that are in use; absent in lists
 * @param groups the groups; absent in lists
 */
@Serdeable
@Schema(name = "User")
public record User(
    String sub,
    String username,
    @Nullable String email,
    boolean emailVerified,
    String status,
    boolean enabled,
    Instant created,
    Instant modified,
    Map<String, String> attributes,
    @Nullable List<String> mfa,
    @Nullable List<String> groups) {
  /** The same with its groups. */
  User in(List<String> names) {
    return new User(
        sub,
        username,
        email,
        emailVerified,
        status,
        enabled,
        created,
        modified,
        attributes,
        mfa,
        names);
  }

  /** A page of accounts. */
  @Serdeable
  @Schema(name = "UserPage")
  record Page(List<User> items, @Nullable String next) {}
}
