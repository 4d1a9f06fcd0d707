package dev.portico.auth.cognito;

import dev.portico.auth.credentials.CredentialsAuthority;
import dev.portico.auth.credentials.TemporaryCredentials;
import dev.portico.auth.error.Problem;
import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient;
import software.amazon.awssdk.services.cognitoidentity.model.ExternalServiceException;
import software.amazon.awssdk.services.cognitoidentity.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentity.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentity.model.ResourceConflictException;
import software.amazon.awssdk.services.cognitoidentity.model.TooManyRequestsException;

/** Credentials by Cognito's GetId and GetCredentialsForIdentity. */
@Singleton
final class CognitoCredentials implements CredentialsAuthority {
  private static final Logger LOG = LoggerFactory.getLogger(CognitoCredentials.class);

  private final BeanProvider<CognitoIdentityClient> client;
  private final IdentityPoolSettings settings;
  private final UserPool users;
  private final String provider;

  CognitoCredentials(
      BeanProvider<CognitoIdentityClient> client, IdentityPoolSettings settings, UserPool users) {
    this.client = client;
    this.settings = settings;
    this.users = users;
    this.provider = providerOf(users.id());
  }

  /** The name under which identity pools know a user pool; its id begins with its region. */
  private static String providerOf(String userPoolId) {
    int end = userPoolId.indexOf('_');
    String region = end < 0 ? userPoolId : userPoolId.substring(0, end);
    return "cognito-idp." + region + ".amazonaws.com/" + userPoolId;
  }

  @Override
  public boolean offered() {
    return settings.pool().isPresent();
  }

  @Override
  public Optional<TemporaryCredentials> exchange(String accessToken, String idToken) {
    users.callAsUser(
        "GetUser", cognito -> cognito.getUser(request -> request.accessToken(accessToken)));
    return settings.pool().flatMap(pool -> exchange(pool, Map.of(provider, idToken)));
  }

  private Optional<TemporaryCredentials> exchange(String pool, Map<String, String> logins) {
    try {
      var identities = client.get();
      String id =
          identities.getId(request -> request.identityPoolId(pool).logins(logins)).identityId();
      var made =
          identities
              .getCredentialsForIdentity(request -> request.identityId(id).logins(logins))
              .credentials();
      return Optional.of(
          new TemporaryCredentials(
              id, made.accessKeyId(), made.secretKey(), made.sessionToken(), made.expiration()));
    } catch (NotAuthorizedException | ResourceConflictException e) { // or another identity's login
      return Optional.empty();
    } catch (ExternalServiceException e) {
      throw unavailable(e);
    } catch (TooManyRequestsException | LimitExceededException e) {
      LOG.warn("The identity pool refuses more");
      throw Problem.tooMany(Duration.ofSeconds(10));
    } catch (AwsServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw unavailable(e);
      }
      // Not for callers: no such pool, or one that gives no role to anybody.
      throw new IllegalStateException(
          "The identity pool refused: " + e.awsErrorDetails().errorCode(), e);
    } catch (SdkClientException e) {
      throw unavailable(e);
    }
  }

  private static Problem unavailable(RuntimeException cause) {
    LOG.warn("The identity pool does not answer: {}", cause.getMessage());
    return Problem.unavailable("The identity pool does not answer. Try again.");
  }
}
