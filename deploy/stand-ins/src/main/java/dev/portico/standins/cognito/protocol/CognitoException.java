package dev.portico.standins.cognito.protocol;

/**
 * A refusal as Cognito words it. See the <a
 * href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html">API
 * reference</a> and the errors listed with each operation.
 */
public final class CognitoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final int status;

  private CognitoException(String type, int status, String message) {
    super(message, null, false, false);
    this.type = type;
    this.status = status;
  }

  /** A refusal with status 400, as nearly all have. */
  public static CognitoException of(String type, String message) {
    return new CognitoException(type, 400, message);
  }

  /** {@code NotAuthorizedException}. */
  public static CognitoException notAuthorized(String message) {
    return of("NotAuthorizedException", message);
  }

  /** {@code InvalidParameterException}. */
  public static CognitoException invalidParameter(String message) {
    return of("InvalidParameterException", message);
  }

  /** {@code ResourceNotFoundException}. */
  public static CognitoException notFound(String message) {
    return of("ResourceNotFoundException", message);
  }

  /** {@code UserNotFoundException}. */
  public static CognitoException userNotFound() {
    return of("UserNotFoundException", "User does not exist.");
  }

  /** {@code LimitExceededException}. */
  public static CognitoException limitExceeded() {
    return of("LimitExceededException", "Attempt limit exceeded, please try after some time.");
  }

  /** What AWS has and the stand-in does not; 501, which AWS never answers. */
  public static CognitoException unsupported(String what) {
    return new CognitoException(
        "NotImplementedException", 501, "The Cognito stand-in does not support " + what + ".");
  }

  /** {@code InternalErrorException}, 500. */
  public static CognitoException internal(String message) {
    return new CognitoException("InternalErrorException", 500, message);
  }

  /** The exception's name, without name space. */
  public String type() {
    return type;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The message, never null. */
  public String text() {
    var message = getMessage();
    return message == null ? "" : message;
  }
}
