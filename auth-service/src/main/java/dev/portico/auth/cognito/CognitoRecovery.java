package dev.portico.auth.cognito;

import dev.portico.auth.recovery.PasswordRecovery;
import dev.portico.auth.recovery.ResetOutcome;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeDeliveryFailureException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidEmailRoleAccessPolicyException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidLambdaResponseException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidSmsRoleAccessPolicyException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidSmsRoleTrustRelationshipException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordHistoryPolicyViolationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TooManyFailedAttemptsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnexpectedLambdaException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/** Forgotten passwords by Cognito's ForgotPassword and ConfirmForgotPassword. */
@Singleton
final class CognitoRecovery implements PasswordRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(CognitoRecovery.class);

  private final UserPool pool;

  CognitoRecovery(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public void forgot(String username) {
    pool.call(
        "ForgotPassword",
        cognito -> {
          try {
            cognito.forgotPassword(
                request -> {
                  request.clientId(pool.clientId()).username(username);
                  pool.secretHash(username).ifPresent(request::secretHash);
                });
            return true;
          } catch (UserNotFoundException
              | UserNotConfirmedException
              | InvalidParameterException // no address that was proven
              | LimitExceededException // of this user
              | CodeDeliveryFailureException
              | UserLambdaValidationException e) {
            return false;
          } catch (UnexpectedLambdaException
              | InvalidLambdaResponseException
              | InvalidEmailRoleAccessPolicyException
              | InvalidSmsRoleAccessPolicyException
              | InvalidSmsRoleTrustRelationshipException e) {
            // Met only by accounts that exist, so that an error would tell of them.
            LOG.error(
                "Cognito could not send the code for a forgotten password: {}",
                e.awsErrorDetails().errorCode());
            return false;
          } catch (NotAuthorizedException e) {
            return PoolWords.blamedOnAccount(e);
          }
        });
  }

  @Override
  public ResetOutcome reset(String username, String code, String newPassword) {
    return pool.call(
        "ConfirmForgotPassword", cognito -> confirm(cognito, username, code, newPassword));
  }

  private ResetOutcome confirm(
      CognitoIdentityProviderClient cognito, String username, String code, String newPassword) {
    try {
      cognito.confirmForgotPassword(
          request -> {
            request
                .clientId(pool.clientId())
                .username(username)
                .confirmationCode(code)
                .password(newPassword);
            pool.secretHash(username).ifPresent(request::secretHash);
          });
      return new ResetOutcome.Done();
    } catch (InvalidPasswordException | PasswordHistoryPolicyViolationException e) {
      return new ResetOutcome.PasswordRefused(PoolWords.of(e));
    } catch (CodeMismatchException
        | ExpiredCodeException
        | UserNotFoundException
        | UserNotConfirmedException
        | TooManyFailedAttemptsException
        | LimitExceededException
        | InvalidParameterException
        | UserLambdaValidationException e) {
      return new ResetOutcome.CodeRefused();
    } catch (NotAuthorizedException e) {
      PoolWords.blamedOnAccount(e);
      return new ResetOutcome.CodeRefused();
    }
  }

  @Override
  public Optional<String> subjectOf(String username) {
    return pool.call(
        "AdminGetUser",
        cognito -> {
          try {
            return cognito
                .adminGetUser(request -> request.userPoolId(pool.id()).username(username))
                .userAttributes()
                .stream()
                .filter(attribute -> attribute.name().equals("sub"))
                .map(AttributeType::value)
                .findFirst();
          } catch (UserNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void endSessions(String username) {
    pool.call(
        "AdminUserGlobalSignOut",
        cognito ->
            cognito.adminUserGlobalSignOut(
                request -> request.userPoolId(pool.id()).username(username)));
  }
}
