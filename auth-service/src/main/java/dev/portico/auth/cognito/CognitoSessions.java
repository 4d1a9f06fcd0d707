package dev.portico.auth.cognito;

import dev.portico.auth.session.ChallengeKind;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.SignInContext;
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
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ContextDataType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.EnableSoftwareTokenMfaException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.HttpHeader;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidPasswordException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordHistoryPolicyViolationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.PasswordResetRequiredException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.RefreshTokenReuseException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SoftwareTokenMfaNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.TooManyFailedAttemptsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnauthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UnsupportedTokenTypeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserLambdaValidationException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.VerifySoftwareTokenResponseType;

/**
 * Sessions by Cognito's AdminInitiateAuth (ADMIN_USER_PASSWORD_AUTH), AdminRespondToAuthChallenge,
 * GetTokensFromRefreshToken, RevokeToken and GlobalSignOut.
 */
@Singleton
final class CognitoSessions implements SessionAuthority {
  private static final String RESPOND = "AdminRespondToAuthChallenge";

  private final UserPool pool;

  CognitoSessions(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public SignInOutcome signIn(String username, String password, SignInContext context) {
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
                          .authParameters(parameters)
                          .contextData(data(context)));
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
      String username,
      String session,
      String newPassword,
      Map<String, String> attributes,
      SignInContext context) {
    var responses = new HashMap<>(Map.of("NEW_PASSWORD", newPassword));
    attributes.forEach((name, value) -> responses.put("userAttributes." + name, value));
    return attempt(
        RESPOND,
        cognito -> {
          try {
            return respond(
                cognito,
                username,
                ChallengeKind.NEW_PASSWORD_REQUIRED,
                session,
                responses,
                context);
          } catch (InvalidPasswordException | PasswordHistoryPolicyViolationException e) {
            return new SignInOutcome.PasswordRefused(PoolWords.of(e));
          } catch (InvalidParameterException e) {
            return new SignInOutcome.AttributesRefused(PoolWords.of(e));
          }
        });
  }

  private SignInOutcome respond(
      CognitoIdentityProviderClient cognito,
      String username,
      ChallengeKind kind,
      String session,
      Map<String, String> responses,
      SignInContext context) {
    var all = new HashMap<>(responses);
    all.put("USERNAME", username);
    pool.secretHash(username).ifPresent(hash -> all.put("SECRET_HASH", hash));
    var answer =
        cognito.adminRespondToAuthChallenge(
            request ->
                request
                    .userPoolId(pool.id())
                    .clientId(pool.clientId())
                    .challengeName(kind.name())
                    .session(session)
                    .challengeResponses(all)
                    .contextData(data(context)));
    return outcome(
        answer.authenticationResult(),
        answer.challengeNameAsString(),
        answer.session(),
        answer.challengeParameters(),
        username);
  }

  @Override
  public SignInOutcome enterCode(
      String username, ChallengeKind kind, String session, String typed, SignInContext context) {
    String code = TypedCode.of(typed);
    if (code.isEmpty()
        || (kind == ChallengeKind.SOFTWARE_TOKEN_MFA && TypedCode.totp(typed).isEmpty())) {
      return new SignInOutcome.CodeRefused(); // a slip of the hand, which must not end the sign-in
    }
    return attempt(
        RESPOND,
        cognito -> {
          try {
            return respond(
                cognito, username, kind, session, Map.of(kind.name() + "_CODE", code), context);
          } catch (CodeMismatchException | ExpiredCodeException e) {
            return new SignInOutcome.CodeRefused();
          } catch (InvalidParameterException e) { // not in the form of a code or of a session
            return new SignInOutcome.Refused();
          }
        });
  }

  @Override
  public SignInOutcome chooseFactor(
      String username, String session, ChallengeKind factor, SignInContext context) {
    return attempt(
        RESPOND,
        cognito -> {
          try {
            return respond(
                cognito,
                username,
                ChallengeKind.SELECT_MFA_TYPE,
                session,
                Map.of("ANSWER", factor.name()),
                context);
          } catch (InvalidParameterException e) { // not among those that were offered
            return new SignInOutcome.Refused();
          }
        });
  }

  @Override
  public SignInOutcome finishSetup(
      String username, String session, String typed, SignInContext context) {
    return TypedCode.totp(typed)
        .map(code -> finish(username, session, code, context))
        .orElseGet(SignInOutcome.CodeRefused::new);
  }

  private SignInOutcome finish(
      String username, String session, String code, SignInContext context) {
    return attempt(
        "VerifySoftwareToken",
        cognito -> {
          try {
            var verified =
                cognito.verifySoftwareToken(request -> request.session(session).userCode(code));
            if (verified.status() != VerifySoftwareTokenResponseType.SUCCESS) {
              return new SignInOutcome.CodeRefused();
            }
            return respond(
                cognito, username, ChallengeKind.MFA_SETUP, verified.session(), Map.of(), context);
          } catch (EnableSoftwareTokenMfaException | CodeMismatchException e) {
            return new SignInOutcome.CodeRefused();
          } catch (InvalidParameterException | SoftwareTokenMfaNotFoundException e) {
            return new SignInOutcome.Refused(); // no secret was asked for
          }
        });
  }

  private static ContextDataType data(SignInContext context) {
    return ContextDataType.builder()
        .ipAddress(context.address())
        .serverName(context.server())
        .serverPath(context.path())
        .httpHeaders(
            context.headers().entrySet().stream()
                .map(
                    each ->
                        HttpHeader.builder()
                            .headerName(each.getKey())
                            .headerValue(each.getValue())
                            .build())
                .toList())
        .build();
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
    var kind =
        Arrays.stream(ChallengeKind.values())
            .filter(known -> known.name().equals(challenge))
            .findFirst();
    if (kind.isEmpty() || session == null) {
      return new SignInOutcome.UnknownChallenge(String.valueOf(challenge));
    }
    String name = parameters.getOrDefault("USER_ID_FOR_SRP", username);
    return switch (kind.get()) {
      case NEW_PASSWORD_REQUIRED ->
          new SignInOutcome.NewPasswordRequired(
              session,
              name,
              names(parameters.get("requiredAttributes")).stream()
                  .map(attribute -> attribute.replaceFirst("^userAttributes\\.", ""))
                  .toList());
      case SELECT_MFA_TYPE ->
          factor(kind.get(), session, name, parameters.get("MFAS_CAN_CHOOSE"), null);
      case MFA_SETUP -> factor(kind.get(), session, name, parameters.get("MFAS_CAN_SETUP"), null);
      case SOFTWARE_TOKEN_MFA, EMAIL_OTP, SMS_MFA ->
          factor(kind.get(), session, name, null, parameters.get("CODE_DELIVERY_DESTINATION"));
    };
  }

  private static SignInOutcome factor(
      ChallengeKind kind,
      String session,
      String username,
      @Nullable String factors,
      @Nullable String destination) {
    return new SignInOutcome.FactorRequired(kind, session, username, names(factors), destination);
  }

  /** Cognito writes a JSON array of names such as {@code ["userAttributes.name"]} into a text. */
  private static List<String> names(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    return Arrays.stream(json.split("[\\[\\]\",\\s]+")).filter(name -> !name.isEmpty()).toList();
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

  @Override
  public void revokeAllOf(String username) {
    pool.call(
        "AdminUserGlobalSignOut",
        cognito -> {
          try {
            cognito.adminUserGlobalSignOut(
                request -> request.userPoolId(pool.id()).username(username));
            return true;
          } catch (UserNotFoundException e) {
            return false;
          }
        });
  }
}
