package dev.portico.auth.cognito;

import dev.portico.auth.error.Problem;
import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeDeliveryFailureException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InternalErrorException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TooManyRequestsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/**
 * The pool with its app client, and what its failures mean where a caller did not expect them: 503
 * when it does not answer, 429 when it is asked too much, and a failure of this service when it is
 * set up wrongly. Logs name the operation and the failure, never what was sent.
 */
@Singleton
final class UserPool {
  private static final Logger LOG = LoggerFactory.getLogger(UserPool.class);

  private final BeanProvider<CognitoIdentityProviderClient> client;
  private final CognitoSettings settings;

  UserPool(BeanProvider<CognitoIdentityProviderClient> client, CognitoSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** The pool's id. */
  String id() {
    return settings.pool();
  }

  /** The app client's id. */
  String clientId() {
    return settings.client();
  }

  /** The app client's secret, if it has one. */
  Optional<String> clientSecret() {
    return settings.secret();
  }

  /** What must accompany this user name, if the app client has a secret. */
  Optional<String> secretHash(String username) {
    return settings.secret().map(secret -> SecretHash.of(secret, username, settings.client()));
  }

  /**
   * Makes a call.
   *
   * @param operation its name for the logs
   * @throws Problem if the pool does not answer, or is asked too much
   */
  <T> T call(String operation, Function<CognitoIdentityProviderClient, T> call) {
    try {
      return call.apply(client.get());
    } catch (TooManyRequestsException | LimitExceededException e) {
      LOG.warn("Cognito refuses more of {}", operation);
      throw Problem.tooMany(Duration.ofSeconds(10));
    } catch (InternalErrorException | CodeDeliveryFailureException e) {
      throw unavailable(operation, e);
    } catch (AwsServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw unavailable(operation, e);
      }
      // Not for callers: a wrong pool, client, flow or permission, or a bug here.
      throw new IllegalStateException(
          "Cognito refused " + operation + ": " + e.awsErrorDetails().errorCode(), e);
    } catch (SdkClientException e) {
      throw unavailable(operation, e);
    }
  }

  /**
   * Makes a call by a user's access token.
   *
   * @throws Problem as {@link #call}; and 401 if the pool does not accept the token any more, or
   *     the account cannot be used
   */
  <T> T callAsUser(String operation, Function<CognitoIdentityProviderClient, T> call) {
    return call(
        operation,
        cognito -> {
          try {
            return call.apply(cognito);
          } catch (NotAuthorizedException
              | UserNotFoundException
              | UserNotConfirmedException
              | PasswordResetRequiredException e) {
            throw Problem.tokenRefused("revoked: the session was ended");
          }
        });
  }

  private static Problem unavailable(String operation, RuntimeException cause) {
    LOG.warn("Cognito does not answer {}: {}", operation, cause.getMessage());
    return Problem.unavailable("The user pool does not answer. Try again.");
  }
}
