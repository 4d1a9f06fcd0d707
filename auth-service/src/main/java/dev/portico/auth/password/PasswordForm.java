package dev.portico.auth.password;

/**
 * The form in which Cognito takes passwords, whatever the pool's policy: anything else is refused
 * as a malformed request rather than as a password.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html">ChangePassword,
 *     ProposedPassword</a>
 */
public final class PasswordForm {
  /** What Cognito writes as {@code ^[\S]+.*[\S]+$}, without its many ways to fail. */
  public static final String REGEX = "^\\S.*\\S$";

  /** What is told about one that has another form. */
  public static final String REASON =
      "must have two characters or more, no line break, and no white space at either end";

  private PasswordForm() {}

  /** Whether the pool would look at it. */
  public static boolean holds(String password) {
    return password.matches(REGEX);
  }
}
