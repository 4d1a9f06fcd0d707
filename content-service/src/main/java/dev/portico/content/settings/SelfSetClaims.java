package dev.portico.content.settings;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims that say what people have said of themselves: the pool's standard attributes that whoever
 * has an account can set, here or at Cognito (deploy/contracts/self-set-attributes.json). A rule
 * that goes by one lets in whoever wants to be let in.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html">User
 *     pool attributes</a>
 */
final class SelfSetClaims {
  static final Set<String> NAMES =
      Set.of(
          "address",
          "birthdate",
          "family_name",
          "gender",
          "given_name",
          "locale",
          "middle_name",
          "name",
          "nickname",
          "phone_number",
          "picture",
          "preferred_username",
          "profile",
          "updated_at",
          "website",
          "zoneinfo");

  private SelfSetClaims() {}

  /** Why a rule cannot go by a claim; null when it can. */
  static @Nullable String refusal(String name) {
    return NAMES.contains(name)
        ? "is what people say of themselves and can change, so it proves nothing: use email, a"
            + " group, or an attribute custom:… that only administrators write"
        : null;
  }
}
