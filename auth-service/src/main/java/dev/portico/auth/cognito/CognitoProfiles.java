package dev.portico.auth.cognito;

import dev.portico.auth.password.PasswordForm;
import dev.portico.auth.user.ProfileDirectory;
import dev.portico.auth.user.ProfileOutcome;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AliasExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeDeliveryFailureException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.LimitExceededException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordHistoryPolicyViolationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;

/**
 * One's own account by Cognito's ChangePassword, UpdateUserAttributes,
 * GetUserAttributeVerificationCode, VerifyUserAttribute and DeleteUser.
 */
@Singleton
final class CognitoProfiles implements ProfileDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(CognitoProfiles.class);
  private static final String EMAIL = "email";

  private final UserPool pool;

  CognitoProfiles(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public ProfileOutcome changePassword(
      String accessToken, String currentPassword, String newPassword) {
    if (!PasswordForm.holds(currentPassword)) {
      return new ProfileOutcome.WrongPassword(); // nobody's
    }
    return pool.callAsUser(
        "ChangePassword",
        cognito -> {
          try {
            cognito.changePassword(
                request ->
                    request
                        .accessToken(accessToken)
                        .previousPassword(currentPassword)
                        .proposedPassword(newPassword));
            return new ProfileOutcome.Done();
          } catch (InvalidPasswordException
              | PasswordHistoryPolicyViolationException
              | InvalidParameterException e) {
            return new ProfileOutcome.ValueRefused(PoolWords.of(e));
          } catch (LimitExceededException e) {
            return new ProfileOutcome.WrongPassword();
          } catch (NotAuthorizedException e) {
            if (PoolWords.blamePassword(e)) {
              return new ProfileOutcome.WrongPassword();
            }
            throw e;
          }
        });
  }

  @Override
  public ProfileOutcome changeAttributes(String accessToken, Map<String, String> attributes) {
    List<AttributeType> changes =
        attributes.entrySet().stream()
            .map(each -> AttributeType.builder().name(each.getKey()).value(each.getValue()).build())
            .toList();
    return update(accessToken, changes, new ProfileOutcome.ValueRefused("is taken"));
  }

  /**
   * Changes attributes.
   *
   * @param taken what is told when a value is another account's
   */
  private ProfileOutcome update(
      String accessToken, List<AttributeType> changes, ProfileOutcome taken) {
    return pool.callAsUser(
        "UpdateUserAttributes",
        cognito -> {
          try {
            cognito.updateUserAttributes(
                request -> request.accessToken(accessToken).userAttributes(changes));
            return new ProfileOutcome.Done();
          } catch (AliasExistsException | UsernameExistsException e) {
            return taken;
          } catch (CodeDeliveryFailureException e) {
            // The change is made; another code can be asked for.
            LOG.warn("Cognito could not deliver a verification code");
            return new ProfileOutcome.Done();
          } catch (InvalidParameterException | UserLambdaValidationException e) {
            return new ProfileOutcome.ValueRefused(PoolWords.of(e));
          } catch (NotAuthorizedException e) {
            if (PoolWords.blameAttribute(e)) {
              return new ProfileOutcome.ValueRefused(PoolWords.of(e));
            }
            throw e;
          }
        });
  }

  @Override
  public ProfileOutcome changeEmail(String accessToken, String email) {
    // Whether it is another account's the caller must not learn.
    return update(
        accessToken,
        List.of(AttributeType.builder().name(EMAIL).value(email).build()),
        new ProfileOutcome.Done());
  }

  @Override
  public ProfileOutcome sendEmailCode(String accessToken) {
    return pool.callAsUser(
        "GetUserAttributeVerificationCode",
        cognito -> {
          try {
            cognito.getUserAttributeVerificationCode(
                request -> request.accessToken(accessToken).attributeName(EMAIL));
            return new ProfileOutcome.Done();
          } catch (InvalidParameterException e) {
            return new ProfileOutcome.NothingToVerify();
          }
        });
  }

  @Override
  public ProfileOutcome verifyEmail(String accessToken, String code) {
    return pool.callAsUser(
        "VerifyUserAttribute",
        cognito -> {
          try {
            cognito.verifyUserAttribute(
                request -> request.accessToken(accessToken).attributeName(EMAIL).code(code));
            return new ProfileOutcome.Done();
          } catch (CodeMismatchException
              | ExpiredCodeException
              | AliasExistsException
              | LimitExceededException
              | InvalidParameterException e) {
            return new ProfileOutcome.CodeRefused();
          }
        });
  }

  @Override
  public void delete(String accessToken) {
    pool.callAsUser(
        "DeleteUser", cognito -> cognito.deleteUser(request -> request.accessToken(accessToken)));
  }
}
