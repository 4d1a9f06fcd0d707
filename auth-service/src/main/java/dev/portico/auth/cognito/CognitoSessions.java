package dev.portico.auth.cognito;

import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.SignInOutcome;
import dev.portico.auth.session.Tokens;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthenticationResultType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordHistoryPolicyViolationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.RefreshTokenReuseException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TooManyFailedAttemptsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnauthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnsupportedTokenTypeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;

/**
 * Sessions by Cognito's AdminInitiateAuth (ADMIN_USER_PASSWORD_AUTH), AdminRespondToAuthChallenge,
 * GetTokensFromRefreshToken, RevokeToken and GlobalSignOut.
 */
@Singleton
final class CognitoSessions implements SessionAuthority {
  private final UserPool pool;

  CognitoSessions(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public SignInOutcome signIn(String username, String password) {
    var parameters = new HashMap<>(Map.of("USERNAME", username, "PASSWORD", password));
    pool.secretHash(username).ifPresent(hash -> parameters.put("SECRET_HASH", hash));
    return attempt(
        "AdminInitiateAuth",
        cognito -> {
          var answer =
              cognito.adminInitiateAuth(
                  request ->
                      request
                          .userPoolId(pool.id())
                          .clientId(pool.clientId())
                          .authFlow(AuthFlowType.ADMIN_USER_PASSWORD_AUTH)
                          .authParameters(parameters));
          return outcome(
              answer.authenticationResult(),
              answer.challengeNameAsString(),
              answer.session(),
              answer.challengeParameters(),
              username);
        });
  }

  @Override
  public SignInOutcome newPassword(
      String username, String session, String newPassword, Map<String, String> attributes) {
    var responses = new HashMap<>(Map.of("USERNAME", username, "NEW_PASSWORD", newPassword));
    pool.secretHash(username).ifPresent(hash -> responses.put("SECRET_HASH", hash));
    attributes.forEach((name, value) -> responses.put("userAttributes." + name, value));
    return attempt(
        "AdminRespondToAuthChallenge",
        cognito -> {
          try {
            var answer =
                cognito.adminRespondToAuthChallenge(
                    request ->
                        request
                            .userPoolId(pool.id())
                            .clientId(pool.clientId())
                            .challengeName(ChallengeNameType.NEW_PASSWORD_REQUIRED)
                            .session(session)
                            .challengeResponses(responses));
            return outcome(
                answer.authenticationResult(),
                answer.challengeNameAsString(),
                answer.session(),
                answer.challengeParameters(),
                username);
          } catch (InvalidPasswordException | PasswordHistoryPolicyViolationException e) {
            return new SignInOutcome.PasswordRefused(PoolWords.of(e));
          } catch (InvalidParameterException e) {
            return new SignInOutcome.AttributesRefused(PoolWords.of(e));
          }
        });
  }

  /** Whatever speaks against the account is one refusal. */
  private SignInOutcome attempt(
      String operation, Function<CognitoIdentityProviderClient, SignInOutcome> call) {
    return pool.call(
        operation,
        cognito -> {
          try {
            return call.apply(cognito);
          } catch (UserNotConfirmedException e) {
            return new SignInOutcome.NotConfirmed();
          } catch (UserNotFoundException
              | PasswordResetRequiredException
              | TooManyFailedAttemptsException
              | CodeMismatchException
              | ExpiredCodeException
              | UserLambdaValidationException e) {
            return new SignInOutcome.Refused();
          } catch (NotAuthorizedException e) {
            if (PoolWords.blameSecret(e)) {
              throw e;
            }
            return new SignInOutcome.Refused();
          }
        });
  }

  private static SignInOutcome outcome(
      @Nullable AuthenticationResultType result,
      @Nullable String challenge,
      @Nullable String session,
      Map<String, String> parameters,
      String username) {
    if (result != null) {
      return new SignInOutcome.SignedIn(tokens(result, result.refreshToken()));
    }
    if (ChallengeNameType.NEW_PASSWORD_REQUIRED.toString().equals(challenge) && session != null) {
      return new SignInOutcome.NewPasswordRequired(
          session,
          parameters.getOrDefault("USER_ID_FOR_SRP", username),
          requiredAttributes(parameters.get("requiredAttributes")));
    }
    return new SignInOutcome.UnknownChallenge(String.valueOf(challenge));
  }

  /** Cognito writes a JSON array of names such as {@code ["userAttributes.name"]}. */
  private static List<String> requiredAttributes(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    return Arrays.stream(json.split("[\\[\\]\",\\s]+"))
        .filter(name -> !name.isEmpty())
        .map(name -> name.replaceFirst("^userAttributes\\.", ""))
        .toList();
  }

  private static Tokens tokens(AuthenticationResultType result, String refreshToken) {
    return new Tokens(result.accessToken(), result.idToken(), refreshToken, result.expiresIn());
  }

  /**
   * GetTokensFromRefreshToken serves app clients with and without rotation, unlike the flow
   * REFRESH_TOKEN_AUTH, which clients with rotation refuse; and it takes the client's secret as it
   * is, so that no user name is needed.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html">RefreshTokenRotationType</a>
   */
  @Override
  public Optional<Tokens> refresh(String refreshToken) {
    return pool.call(
        "GetTokensFromRefreshToken",
        cognito -> {
          try {
            var result =
                cognito
                    .getTokensFromRefreshToken(
                        request -> {
                          request.clientId(pool.clientId()).refreshToken(refreshToken);
                          pool.clientSecret().ifPresent(request::clientSecret);
                        })
                    .authenticationResult();
            String rotated = result.refreshToken();
            return Optional.of(tokens(result, rotated == null ? refreshToken : rotated));
          } catch (RefreshTokenReuseException
              | UserNotFoundException
              | InvalidParameterException e) { // not in the form of a refresh token
            return Optional.empty();
          } catch (NotAuthorizedException e) {
            if (PoolWords.blameSecret(e)) {
              throw e;
            }
            return Optional.empty();
          }
        });
  }

  @Override
  public void revoke(String refreshToken) {
    pool.call(
        "RevokeToken",
        cognito -> {
          try {
            cognito.revokeToken(
                request -> {
                  request.clientId(pool.clientId()).token(refreshToken);
                  pool.clientSecret().ifPresent(request::clientSecret);
                });
            return true;
          } catch (NotAuthorizedException | UnauthorizedException e) {
            if (PoolWords.blameSecret(e)) {
              throw e;
            }
            return false;
          } catch (UnsupportedTokenTypeException | InvalidParameterException e) {
            return false; // RFC 7009 section 2.2: what is not valid needs no revocation
          }
        });
  }

  @Override
  public boolean revokeAll(String accessToken) {
    return pool.call(
        "GlobalSignOut",
        cognito -> {
          try {
            cognito.globalSignOut(request -> request.accessToken(accessToken));
            return true;
          } catch (NotAuthorizedException | UserNotFoundException e) {
            return false;
          }
        });
  }
}
