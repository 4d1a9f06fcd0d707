package dev.portico.auth.cognito;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

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

  /** Whether the app client's secret is at fault, which is a matter of settings. */
  static boolean blameSecret(AwsServiceException refusal) {
    return of(refusal).toLowerCase(Locale.ROOT).contains("secret");
  }
}
