package dev.portico.aws.data;

import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.Settings.Accounts;
import dev.portico.aws.settings.Settings.HostedLogin;
import dev.portico.aws.settings.Settings.SecondFactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.cognito.AccountRecovery;
import software.amazon.awscdk.services.cognito.AuthFlow;
import software.amazon.awscdk.services.cognito.AutoVerifiedAttrs;
import software.amazon.awscdk.services.cognito.CfnManagedLoginBranding;
import software.amazon.awscdk.services.cognito.CfnUserPoolClient;
import software.amazon.awscdk.services.cognito.CfnUserPoolGroup;
import software.amazon.awscdk.services.cognito.CognitoDomainOptions;
import software.amazon.awscdk.services.cognito.FeaturePlan;
import software.amazon.awscdk.services.cognito.KeepOriginalAttrs;
import software.amazon.awscdk.services.cognito.ManagedLoginVersion;
import software.amazon.awscdk.services.cognito.Mfa;
import software.amazon.awscdk.services.cognito.MfaSecondFactor;
import software.amazon.awscdk.services.cognito.OAuthFlows;
import software.amazon.awscdk.services.cognito.OAuthScope;
import software.amazon.awscdk.services.cognito.OAuthSettings;
import software.amazon.awscdk.services.cognito.PasswordPolicy;
import software.amazon.awscdk.services.cognito.ResourceServerScope;
import software.amazon.awscdk.services.cognito.SignInAliases;
import software.amazon.awscdk.services.cognito.StandardAttribute;
import software.amazon.awscdk.services.cognito.StandardAttributes;
import software.amazon.awscdk.services.cognito.StandardThreatProtectionMode;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolClient;
import software.amazon.awscdk.services.cognito.UserPoolClientIdentityProvider;
import software.amazon.awscdk.services.cognito.UserPoolDomainOptions;
import software.amazon.awscdk.services.cognito.UserPoolEmail;
import software.amazon.awscdk.services.cognito.UserPoolResourceServer;
import software.amazon.awscdk.services.cognito.UserPoolResourceServerOptions;
import software.amazon.awscdk.services.cognito.UserPoolSESOptions;
import software.constructs.Construct;

/**
 * The user pool: policy, second factors, groups, its own sign-in pages, and the app clients. None
 * has a secret: auth-service's can be used with IAM credentials only.
 */
public final class People extends Construct {
  private static final int PASSWORD_LENGTH = 12;

  private final UserPool pool;
  private final UserPoolClient services;
  private final List<String> clientIds = new ArrayList<>();
  private final @Nullable AwsCredentials credentials;

  /** The pool and, where the settings say so, the identity pool. */
  public People(Construct scope, Settings settings) {
    super(scope, "People");
    Accounts accounts = settings.accounts();
    pool = pool(settings);
    group("Admins", "admins", "Portico: may do everything");
    group("Publishers", "publishers", "Portico: may create sites");
    UserPoolResourceServer server =
        pool.addResourceServer(
            "Api",
            UserPoolResourceServerOptions.builder()
                .identifier("portico")
                .scopes(
                    List.of(
                        ResourceServerScope.Builder.create()
                            .scopeName("api")
                            .scopeDescription("What the caller may do in Portico")
                            .build()))
                .build());
    pool.addDomain(
        "Domain",
        UserPoolDomainOptions.builder()
            .cognitoDomain(
                CognitoDomainOptions.builder().domainPrefix(accounts.domainPrefix()).build())
            .managedLoginVersion(ManagedLoginVersion.NEWER_MANAGED_LOGIN)
            .build());
    services = servicesClient(settings);
    clientIds.add(services.getUserPoolClientId());
    if (!accounts.callbacks().isEmpty()) {
      UserPoolClient hosted = hostedClient(accounts, server);
      clientIds.add(hosted.getUserPoolClientId());
    }
    credentials = accounts.awsCredentials() ? new AwsCredentials(this, pool, services) : null;
  }

  private UserPool pool(Settings settings) {
    Accounts accounts = settings.accounts();
    UserPool.Builder builder =
        UserPool.Builder.create(this, "Pool")
            .userPoolName(settings.name())
            .selfSignUpEnabled(accounts.selfSignUp())
            .signInAliases(SignInAliases.builder().email(true).username(false).build())
            .signInCaseSensitive(false)
            .standardAttributes(
                StandardAttributes.builder()
                    .email(StandardAttribute.builder().required(true).mutable(true).build())
                    .build())
            .autoVerify(AutoVerifiedAttrs.builder().email(true).build())
            // The old address counts until the new one is proven.
            .keepOriginal(KeepOriginalAttrs.builder().email(true).build())
            .accountRecovery(AccountRecovery.EMAIL_ONLY)
            .mfa(accounts.secondFactor() == SecondFactor.REQUIRED ? Mfa.REQUIRED : Mfa.OPTIONAL)
            .mfaSecondFactor(MfaSecondFactor.builder().otp(true).sms(false).build())
            .passwordPolicy(
                PasswordPolicy.builder()
                    .minLength(PASSWORD_LENGTH)
                    .requireLowercase(true)
                    .requireUppercase(true)
                    .requireDigits(true)
                    .requireSymbols(true)
                    .tempPasswordValidity(Duration.days(3))
                    .build())
            .featurePlan(accounts.threatProtection() ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS)
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN);
    if (accounts.threatProtection()) {
      builder.standardThreatProtectionMode(StandardThreatProtectionMode.FULL_FUNCTION);
    }
    String from = accounts.mailFrom();
    String domain = accounts.mailDomain();
    if (from != null && domain != null) {
      builder.email(
          UserPoolEmail.withSES(
              UserPoolSESOptions.builder()
                  .fromEmail(from)
                  .sesRegion(settings.region())
                  .sesVerifiedDomain(domain)
                  .build()));
    }
    return builder.build();
  }

  private void group(String id, String name, String description) {
    CfnUserPoolGroup.Builder.create(this, id)
        .userPoolId(pool.getUserPoolId())
        .groupName(name)
        .description(description)
        .build();
  }

  private UserPoolClient servicesClient(Settings settings) {
    UserPoolClient.Builder builder =
        UserPoolClient.Builder.create(this, "Services")
            .userPool(pool)
            .userPoolClientName("auth-service")
            .generateSecret(false)
            .authFlows(AuthFlow.builder().adminUserPassword(true).build())
            .preventUserExistenceErrors(true)
            .enableTokenRevocation(true)
            .accessTokenValidity(Duration.hours(1))
            .idTokenValidity(Duration.hours(1))
            .refreshTokenValidity(Duration.days(30))
            .refreshTokenRotationGracePeriod(Duration.seconds(60));
    HostedLogin login = settings.accounts().hostedLogin();
    if (login == null) {
      return builder.disableOAuth(true).build();
    }
    UserPoolClient client =
        builder
            .oAuth(throughAuthService(settings.domains().authHost()))
            .supportedIdentityProviders(
                login.identityProviders().stream()
                    .map(UserPoolClientIdentityProvider::custom)
                    .toList())
            .build();
    pages("ServicesPages", client);
    return client;
  }

  /** What docs/sign-in-pages.md asks of the app client. */
  private static OAuthSettings throughAuthService(String authHost) {
    return OAuthSettings.builder()
        .flows(OAuthFlows.builder().authorizationCodeGrant(true).build())
        .scopes(
            List.of(
                OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE, OAuthScope.COGNITO_ADMIN))
        .callbackUrls(List.of("https://" + authHost + "/sign-in/callback"))
        .logoutUrls(List.of("https://" + authHost + "/signed-out"))
        .build();
  }

  /** For applications that use the pool's own pages: authorization code, with PKCE. */
  private UserPoolClient hostedClient(Accounts accounts, UserPoolResourceServer server) {
    UserPoolClient client =
        UserPoolClient.Builder.create(this, "Hosted")
            .userPool(pool)
            .userPoolClientName("hosted-sign-in")
            .generateSecret(false)
            .oAuth(
                OAuthSettings.builder()
                    .flows(OAuthFlows.builder().authorizationCodeGrant(true).build())
                    .scopes(
                        List.of(
                            OAuthScope.OPENID,
                            OAuthScope.EMAIL,
                            OAuthScope.PROFILE,
                            OAuthScope.custom("portico/api")))
                    .callbackUrls(accounts.callbacks())
                    .build())
            .preventUserExistenceErrors(true)
            .enableTokenRevocation(true)
            .accessTokenValidity(Duration.hours(1))
            .build();
    // Else Cognito allows signing in past the pages, too.
    ((CfnUserPoolClient) Objects.requireNonNull(client.getNode().getDefaultChild()))
        .setExplicitAuthFlows(List.of("ALLOW_REFRESH_TOKEN_AUTH"));
    client.getNode().addDependency(server);
    pages("HostedPages", client);
    return client;
  }

  /** Without them Cognito's pages say that they are unavailable. */
  private void pages(String id, UserPoolClient client) {
    CfnManagedLoginBranding.Builder.create(this, id)
        .userPoolId(pool.getUserPoolId())
        .clientId(client.getUserPoolClientId())
        .useCognitoProvidedValues(true)
        .build();
  }

  /** The pool. */
  public UserPool pool() {
    return pool;
  }

  /** auth-service's app client. */
  public String clientId() {
    return services.getUserPoolClientId();
  }

  /** App clients whose access tokens the services accept. */
  public List<String> clientIds() {
    return List.copyOf(clientIds);
  }

  /** Id of the identity pool; null where there is none. */
  public @Nullable String identityPoolId() {
    return credentials == null ? null : credentials.poolId();
  }
}
