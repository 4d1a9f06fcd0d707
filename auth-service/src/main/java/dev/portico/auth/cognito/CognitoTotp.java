package dev.portico.auth.cognito;

import dev.portico.auth.mfa.TotpAuthority;
import dev.portico.auth.mfa.TotpSecret;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.EnableSoftwareTokenMfaException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GetUserResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidParameterException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SoftwareTokenMfaNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.VerifySoftwareTokenResponseType;

/**
 * Authenticator apps by Cognito's AssociateSoftwareToken, VerifySoftwareToken and
 * SetUserMFAPreference.
 */
@Singleton
final class CognitoTotp implements TotpAuthority {
  private final UserPool pool;

  CognitoTotp(UserPool pool) {
    this.pool = pool;
  }

  @Override
  public Optional<TotpSecret> associate(String accessToken) {
    return pool.callAsUser(
        "AssociateSoftwareToken",
        cognito -> {
          try {
            String secret =
                cognito
                    .associateSoftwareToken(request -> request.accessToken(accessToken))
                    .secretCode();
            var user = cognito.getUser(request -> request.accessToken(accessToken));
            return Optional.of(new TotpSecret(secret, nameOf(user), null));
          } catch (SoftwareTokenMfaNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /** The address where there is one, since user names may be random. */
  private static String nameOf(GetUserResponse user) {
    return user.userAttributes().stream()
        .filter(attribute -> attribute.name().equals("email"))
        .map(attribute -> attribute.value())
        .findFirst()
        .orElse(user.username());
  }

  @Override
  public Optional<TotpSecret> associate(String username, String session) {
    return pool.call(
        "AssociateSoftwareToken",
        cognito -> {
          try {
            var made = cognito.associateSoftwareToken(request -> request.session(session));
            return Optional.of(new TotpSecret(made.secretCode(), username, made.session()));
          } catch (NotAuthorizedException
              | InvalidParameterException
              | SoftwareTokenMfaNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public boolean verify(String accessToken, String typed, @Nullable String device) {
    return TypedCode.totp(typed).filter(code -> proven(accessToken, code, device)).isPresent();
  }

  private boolean proven(String accessToken, String code, @Nullable String device) {
    return pool.callAsUser(
        "VerifySoftwareToken",
        cognito -> {
          try {
            var verified =
                cognito.verifySoftwareToken(
                    request ->
                        request.accessToken(accessToken).userCode(code).friendlyDeviceName(device));
            if (verified.status() != VerifySoftwareTokenResponseType.SUCCESS) {
              return false;
            }
          } catch (EnableSoftwareTokenMfaException
              | CodeMismatchException
              | SoftwareTokenMfaNotFoundException
              | InvalidParameterException e) { // no secret was asked for
            return false;
          }
          cognito.setUserMFAPreference(
              request ->
                  request
                      .accessToken(accessToken)
                      .softwareTokenMfaSettings(totp -> totp.enabled(true).preferredMfa(true)));
          return true;
        });
  }

  @Override
  public void remove(String accessToken) {
    pool.callAsUser(
        "SetUserMFAPreference",
        cognito ->
            cognito.setUserMFAPreference(
                request ->
                    request
                        .accessToken(accessToken)
                        .softwareTokenMfaSettings(
                            totp -> totp.enabled(false).preferredMfa(false))));
  }
}
