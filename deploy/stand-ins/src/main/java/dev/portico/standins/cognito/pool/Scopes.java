package dev.portico.standins.cognito.pool;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The scopes that every pool has, and what the ID token shows by them. Those of resource servers
 * are besides.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html">Scopes,
 *     M2M, and resource servers</a>
 */
public final class Scopes {
  /** For an ID token. */
  public static final String OPENID = "openid";

  /** For the operations of the API by which people manage their own account. */
  public static final String ADMIN = "aws.cognito.signin.user.admin";

  private static final String EMAIL = "email";
  private static final String PHONE = "phone";
  private static final String PROFILE = "profile";
  private static final Set<String> STANDARD = Set.of(OPENID, EMAIL, PHONE, PROFILE, ADMIN);

  private Scopes() {}

  /** Whether every pool has it. */
  public static boolean isStandard(String scope) {
    return STANDARD.contains(scope);
  }

  /** Whether it is of use only together with {@code openid}. */
  public static boolean needsOpenId(String scope) {
    return scope.equals(EMAIL) || scope.equals(PHONE) || scope.equals(PROFILE);
  }

  /** Those that a text names, in its order. */
  public static Set<String> of(String text) {
    var scopes = new LinkedHashSet<>(Arrays.asList(text.strip().split(" +", -1)));
    scopes.remove("");
    return scopes;
  }

  /** Whether an attribute is shown: all are, unless some of the narrower scopes are named. */
  public static boolean show(Set<String> scopes, String attribute) {
    if (scopes.contains(PROFILE) || (!scopes.contains(EMAIL) && !scopes.contains(PHONE))) {
      return true;
    }
    return (scopes.contains(EMAIL) && attribute.matches("email(_verified)?"))
        || (scopes.contains(PHONE) && attribute.matches("phone_number(_verified)?"));
  }
}
