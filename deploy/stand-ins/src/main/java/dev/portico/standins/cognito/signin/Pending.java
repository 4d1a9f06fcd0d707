package dev.portico.standins.cognito.signin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a sign-in waits for. A session of one kind answers no challenge of another. */
sealed interface Pending {
  /** The app client that began it. */
  String clientId();

  /** The user. */
  String sub();

  /** For a new password in place of a temporary one. */
  record NewPassword(String clientId, String sub) implements Pending {}

  /**
   * For the code of a second factor.
   *
   * @param factor which one
   * @param code the code that was sent, or null for one of an app
   */
  record FactorCode(String clientId, String sub, String factor, @Nullable String code)
      implements Pending {
    @Override
    public String toString() {
      return "FactorCode[" + factor + ']';
    }
  }

  /** For the choice among second factors. */
  record FactorChoice(String clientId, String sub, List<String> factors) implements Pending {}

  /**
   * For the set-up of a second factor.
   *
   * @param proved whether it was done
   */
  record FactorSetup(String clientId, String sub, boolean proved) implements Pending {}
}
