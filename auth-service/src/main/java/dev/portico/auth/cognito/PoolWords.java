package dev.portico.auth.cognito;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;

/** What Cognito itself says about a refusal, without what the SDK adds (service, request id). */
final class PoolWords {
  private static final int MAX_LENGTH = 300;

  private PoolWords() {}

  static String of(AwsServiceException refusal) {
    String words =
        refusal.awsErrorDetails() == null ? null : refusal.awsErrorDetails().errorMessage();
    if (words == null) {
      return "was refused by the user pool";
    }
    return words.length() <= MAX_LENGTH ? words : words.substring(0, MAX_LENGTH);
  }

  /** Whether an attribute is one that the app client may not write. */
  static boolean blameAttribute(AwsServiceException refusal) {
    return of(refusal).toLowerCase(Locale.ROOT).contains("attribute");
  }

  /** Whether a password was wrong, or cannot be tried for a while. */
  static boolean blamePassword(AwsServiceException refusal) {
    return of(refusal).toLowerCase(Locale.ROOT).contains("password");
  }

  /** Whether the pool itself is not there, not what was looked for in it. */
  static boolean blamePool(AwsServiceException refusal) {
    return of(refusal).toLowerCase(Locale.ROOT).contains("user pool");
  }

  /** Whether the app client's secret is at fault, which is a matter of settings. */
  static boolean blameSecret(AwsServiceException refusal) {
    return of(refusal).toLowerCase(Locale.ROOT).contains("secret");
  }

  /**
   * A wrong secret is our own fault and must be seen; all else is about the account.
   *
   * @return false, for the call did not succeed
   */
  static boolean blamedOnAccount(NotAuthorizedException refusal) {
    if (blameSecret(refusal)) {
      throw refusal;
    }
    return false;
  }
}
