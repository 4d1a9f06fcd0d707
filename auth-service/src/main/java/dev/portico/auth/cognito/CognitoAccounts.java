package dev.portico.auth.cognito;

import dev.portico.auth.account.AccountDirectory;
import dev.portico.auth.account.SignUpOutcome;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AliasExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeDeliveryFailureException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SignUpRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TooManyFailedAttemptsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;

/** Accounts by Cognito's SignUp, ConfirmSignUp and ResendConfirmationCode. */
@Singleton
final class CognitoAccounts implements AccountDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(CognitoAccounts.class);

  private final UserPool pool;

  CognitoAccounts(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public SignUpOutcome signUp(String username, String password, @Nullable String email) {
    var request =
        SignUpRequest.builder().clientId(pool.clientId()).username(username).password(password);
    pool.secretHash(username).ifPresent(request::secretHash);
    if (email != null) {
      request.userAttributes(AttributeType.builder().name("email").value(email).build());
    }
    return pool.call("SignUp", cognito -> signUp(cognito, request.build()));
  }

  private static SignUpOutcome signUp(
      CognitoIdentityProviderClient cognito, SignUpRequest request) {
    try {
      return new SignUpOutcome.Created(cognito.signUp(request).userSub());
    } catch (UsernameExistsException | AliasExistsException e) {
      return new SignUpOutcome.AlreadyExists();
    } catch (CodeDeliveryFailureException e) {
      // The account is there; another code can be asked for. An error would tell that it is new.
      LOG.warn("Cognito could not deliver a confirmation code");
      return new SignUpOutcome.Created(null);
    } catch (InvalidPasswordException e) {
      return new SignUpOutcome.PasswordRefused(PoolWords.of(e));
    } catch (InvalidParameterException | UserLambdaValidationException e) {
      return new SignUpOutcome.Refused(PoolWords.of(e));
    } catch (NotAuthorizedException e) {
      if (PoolWords.of(e).contains("SignUp is not permitted")) {
        return new SignUpOutcome.Closed();
      }
      throw e;
    }
  }

  @Override
  public boolean confirm(String username, String code) {
    return pool.call(
        "ConfirmSignUp",
        cognito -> {
          try {
            cognito.confirmSignUp(
                request -> {
                  request.clientId(pool.clientId()).username(username).confirmationCode(code);
                  pool.secretHash(username).ifPresent(request::secretHash);
                });
            return true;
          } catch (CodeMismatchException
              | ExpiredCodeException
              | UserNotFoundException
              | AliasExistsException
              | TooManyFailedAttemptsException
              | LimitExceededException
              | InvalidParameterException e) {
            return false;
          } catch (NotAuthorizedException e) {
            return PoolWords.blamedOnAccount(e);
          }
        });
  }

  @Override
  public void resend(String username) {
    pool.call(
        "ResendConfirmationCode",
        cognito -> {
          try {
            cognito.resendConfirmationCode(
                request -> {
                  request.clientId(pool.clientId()).username(username);
                  pool.secretHash(username).ifPresent(request::secretHash);
                });
            return true;
          } catch (UserNotFoundException
              | InvalidParameterException // already confirmed
              | LimitExceededException // of this user
              | CodeDeliveryFailureException e) {
            return false;
          } catch (NotAuthorizedException e) {
            return PoolWords.blamedOnAccount(e);
          }
        });
  }
}
