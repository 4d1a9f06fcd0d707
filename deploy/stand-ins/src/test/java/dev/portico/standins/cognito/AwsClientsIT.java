package dev.portico.standins.cognito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.standins.cognito.fixture.AwsClient;
import dev.portico.standins.cognito.fixture.ProviderPool;
import dev.portico.standins.cognito.fixture.Realm;
import dev.portico.standins.cognito.mfa.Totp;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cognitoidentity.CognitoIdentityClient;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminInitiateAuthResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AdminRespondToAuthChallengeResponse;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AttributeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CodeMismatchException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CognitoIdentityProviderException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.DeliveryMediumType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.DuplicateProviderException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.EnableSoftwareTokenMfaException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ExpiredCodeException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.IdentityProviderTypeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.InvalidOAuthFlowException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.OAuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ProviderDescription;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ResourceServerScopeType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ScopeDoesNotExistException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotFoundException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserStatusType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.VerifySoftwareTokenResponseType;

/** AWS's own clients as witnesses: what they accept and understand is right. */
final class AwsClientsIT {
  private static final String ANN = "ann@example.com";
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  @TempDir Path folder;
  private Realm realm;

  @BeforeEach
  void open() {
    realm = Realm.open(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    realm.close();
  }

  private CognitoIdentityProviderClient sdk(String secret) {
    return CognitoIdentityProviderClient.builder()
        .endpointOverride(realm.standIn.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("porticolocal", secret)))
        .build();
  }

  @Test
  void theSdkForJavaSignsUpAndIn() {
    try (var sdk = sdk("portico-local-secret")) {
      var signedUp =
          sdk.signUp(r -> r.clientId(realm.clientId).username(ANN).password(Realm.PASSWORD));
      assertThat(signedUp.userConfirmed()).isFalse();
      assertThatThrownBy(
              () ->
                  sdk.signUp(
                      r -> r.clientId(realm.clientId).username(ANN).password(Realm.PASSWORD)))
          .isInstanceOf(UsernameExistsException.class);
      assertThatThrownBy(() -> signIn(sdk, Realm.PASSWORD))
          .isInstanceOf(UserNotConfirmedException.class);
      var code = realm.standIn.messages().getFirst().secret();
      sdk.confirmSignUp(r -> r.clientId(realm.clientId).username(ANN).confirmationCode(code));
      assertThatThrownBy(() -> signIn(sdk, "wrong")).isInstanceOf(NotAuthorizedException.class);
      var access = signIn(sdk, Realm.PASSWORD);
      assertThat(sdk.getUser(r -> r.accessToken(access)).username()).isEqualTo(signedUp.userSub());
      sdk.globalSignOut(r -> r.accessToken(access));
      assertThatThrownBy(() -> sdk.getUser(r -> r.accessToken(access)))
          .isInstanceOf(NotAuthorizedException.class)
          .hasMessageContaining("Access Token has been revoked");
    }
  }

  private String signIn(CognitoIdentityProviderClient sdk, String password) {
    return sdk.adminInitiateAuth(
            r ->
                r.userPoolId(realm.poolId)
                    .clientId(realm.clientId)
                    .authFlow(AuthFlowType.ADMIN_USER_PASSWORD_AUTH)
                    .authParameters(Map.of("USERNAME", ANN, "PASSWORD", password)))
        .authenticationResult()
        .accessToken();
  }

  @Test
  void theSdkForJavaAdministers() {
    try (var sdk = sdk("portico-local-secret")) {
      var made =
          sdk.adminCreateUser(
                  r -> r.userPoolId(realm.poolId).username(ANN).temporaryPassword("Temporary-1"))
              .user();
      assertThat(made.userStatusAsString()).isEqualTo("FORCE_CHANGE_PASSWORD");
      assertThat(made.userCreateDate()).isNotNull();
      sdk.createGroup(r -> r.userPoolId(realm.poolId).groupName("admins"));
      sdk.adminAddUserToGroup(r -> r.userPoolId(realm.poolId).username(ANN).groupName("admins"));
      assertThat(sdk.adminListGroupsForUser(r -> r.userPoolId(realm.poolId).username(ANN)).groups())
          .hasSize(1);
      sdk.createGroup(r -> r.userPoolId(realm.poolId).groupName("gone"));
      sdk.adminAddUserToGroup(r -> r.userPoolId(realm.poolId).username(ANN).groupName("gone"));
      sdk.deleteGroup(r -> r.userPoolId(realm.poolId).groupName("gone"));
      assertThatThrownBy(() -> sdk.getGroup(r -> r.userPoolId(realm.poolId).groupName("gone")))
          .isInstanceOf(ResourceNotFoundException.class);
      assertThat(sdk.adminListGroupsForUser(r -> r.userPoolId(realm.poolId).username(ANN)).groups())
          .hasSize(1);
      var challenged =
          sdk.adminInitiateAuth(
              r ->
                  r.userPoolId(realm.poolId)
                      .clientId(realm.clientId)
                      .authFlow(AuthFlowType.ADMIN_USER_PASSWORD_AUTH)
                      .authParameters(Map.of("USERNAME", ANN, "PASSWORD", "Temporary-1")));
      assertThat(challenged.challengeName()).isEqualTo(ChallengeNameType.NEW_PASSWORD_REQUIRED);
      var answered =
          sdk.adminRespondToAuthChallenge(
              r ->
                  r.userPoolId(realm.poolId)
                      .clientId(realm.clientId)
                      .challengeName(challenged.challengeName())
                      .session(challenged.session())
                      .challengeResponses(Map.of("USERNAME", ANN, "NEW_PASSWORD", Realm.PASSWORD)));
      var refresh = answered.authenticationResult().refreshToken();
      sdk.revokeToken(r -> r.clientId(realm.clientId).token(refresh));
      var pool = sdk.describeUserPool(r -> r.userPoolId(realm.poolId)).userPool();
      assertThat(pool.policies().passwordPolicy().minimumLength()).isEqualTo(8);
      assertThat(sdk.listUsersPaginator(r -> r.userPoolId(realm.poolId)).users()).hasSize(1);
    }
  }

  @Test
  void theSdkForJavaChangesOnesOwnAccount() {
    realm.user(ANN);
    try (var sdk = sdk("portico-local-secret")) {
      var access = signIn(sdk, Realm.PASSWORD);
      var name = AttributeType.builder().name("name").value("Ann").build();
      assertThat(
              sdk.updateUserAttributes(r -> r.accessToken(access).userAttributes(name))
                  .codeDeliveryDetailsList())
          .isEmpty();
      var email = AttributeType.builder().name("email").value("bob@example.com").build();
      var sent =
          sdk.updateUserAttributes(r -> r.accessToken(access).userAttributes(email))
              .codeDeliveryDetailsList();
      assertThat(sent).hasSize(1);
      assertThat(sent.getFirst().deliveryMedium()).isEqualTo(DeliveryMediumType.EMAIL);
      assertThatThrownBy(
              () ->
                  sdk.verifyUserAttribute(
                      r -> r.accessToken(access).attributeName("email").code("x")))
          .isInstanceOf(CodeMismatchException.class);
      sdk.getUserAttributeVerificationCode(r -> r.accessToken(access).attributeName("email"));
      var code = realm.standIn.messages().getFirst().secret();
      sdk.verifyUserAttribute(r -> r.accessToken(access).attributeName("email").code(code));
      assertThat(sdk.getUser(r -> r.accessToken(access)).userAttributes())
          .contains(
              name, email, AttributeType.builder().name("email_verified").value("true").build());
      sdk.deleteUser(r -> r.accessToken(access));
      assertThatThrownBy(() -> sdk.getUser(r -> r.accessToken(access)))
          .isInstanceOf(UserNotFoundException.class);
    }
  }

  @Test
  void theSdkForJavaGetsCredentialsOfAnIdentityPool() {
    realm.user(ANN);
    var provider = "cognito-idp.us-east-1.amazonaws.com/" + realm.poolId;
    try (var sdk = sdk("portico-local-secret");
        var identities =
            CognitoIdentityClient.builder()
                .endpointOverride(realm.standIn.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build()) {
      var tokens = begin(sdk).authenticationResult();
      var logins = Map.of(provider, tokens.idToken());
      var pool = "us-east-1:" + UUID.randomUUID();
      var id = identities.getId(r -> r.identityPoolId(pool).logins(logins)).identityId();
      var credentials =
          identities.getCredentialsForIdentity(r -> r.identityId(id).logins(logins)).credentials();
      assertThat(credentials.accessKeyId()).startsWith("ASIA");
      assertThat(credentials.expiration()).isAfter(Instant.now());
      assertThatThrownBy(() -> identities.getId(r -> r.identityPoolId(pool)))
          .hasMessageContaining("Unauthenticated access is not supported");
      var access = Map.of(provider, tokens.accessToken());
      assertThatThrownBy(() -> identities.getId(r -> r.identityPoolId(pool).logins(access)))
          .hasMessageContaining("Invalid login token");
      assertThatThrownBy(
              () ->
                  identities.getCredentialsForIdentity(
                      r -> r.identityId("us-east-1:" + UUID.randomUUID()).logins(logins)))
          .hasMessageContaining("is forbidden");
    }
  }

  @Test
  void theSdkForJavaIsRefusedWithAWrongSecret() {
    try (var sdk = sdk("guess")) {
      assertThatThrownBy(() -> sdk.listUserPools(r -> r.maxResults(1)))
          .isInstanceOf(CognitoIdentityProviderException.class)
          .hasMessageContaining("signature we calculated does not match");
    }
  }

  @Test
  void theCommandLineAdministers() throws IOException, InterruptedException {
    assumeTrue(runs("aws", "--version"), "no AWS CLI here");
    Consumer<ProcessBuilder> account =
        builder ->
            builder
                .environment()
                .putAll(
                    Map.of(
                        "AWS_ACCESS_KEY_ID", "porticolocal",
                        "AWS_SECRET_ACCESS_KEY", "portico-local-secret",
                        "AWS_DEFAULT_REGION", "us-east-1"));
    var aws = List.of("aws", "--endpoint-url", realm.standIn.endpoint().toString(), "cognito-idp");
    var created =
        run(account, aws, "admin-create-user", "--user-pool-id", realm.poolId, "--username", ANN);
    assertThat(created).contains("FORCE_CHANGE_PASSWORD");
    run(
        account,
        aws,
        "admin-set-user-password",
        "--user-pool-id",
        realm.poolId,
        "--username",
        ANN,
        "--password",
        Realm.PASSWORD,
        "--permanent");
    var signedIn =
        run(
            account,
            aws,
            "initiate-auth",
            "--client-id",
            realm.clientId,
            "--auth-flow",
            "USER_PASSWORD_AUTH",
            "--auth-parameters",
            "USERNAME=" + ANN + ",PASSWORD=" + Realm.PASSWORD);
    var access = Pattern.compile("\"AccessToken\": \"([^\"]+)\"").matcher(signedIn);
    assertThat(access.find()).as(signedIn).isTrue();
    assertThat(run(account, aws, "get-user", "--access-token", access.group(1)))
        .contains("\"Name\": \"email\"");
    run(
        account,
        aws,
        "update-user-attributes",
        "--access-token",
        access.group(1),
        "--user-attributes",
        "Name=name,Value=Ann");
    run(account, aws, "create-group", "--user-pool-id", realm.poolId, "--group-name", "team");
    assertThat(
            run(
                account,
                aws,
                "list-users",
                "--user-pool-id",
                realm.poolId,
                "--filter",
                "email ^= \"ann@\""))
        .contains("\"Value\": \"Ann\"");
    run(account, aws, "delete-group", "--user-pool-id", realm.poolId, "--group-name", "team");
    assertThat(
            run(
                account,
                aws,
                "set-user-pool-mfa-config",
                "--user-pool-id",
                realm.poolId,
                "--mfa-configuration",
                "OPTIONAL",
                "--software-token-mfa-configuration",
                "Enabled=true"))
        .contains("\"MfaConfiguration\": \"OPTIONAL\"");
    assertThat(
            run(
                account,
                aws,
                "create-resource-server",
                "--user-pool-id",
                realm.poolId,
                "--identifier",
                "orders",
                "--name",
                "Orders",
                "--scopes",
                "ScopeName=read,ScopeDescription=Read"))
        .contains("\"ScopeName\": \"read\"");
    assertThat(run(account, aws, "associate-software-token", "--access-token", access.group(1)))
        .contains("\"SecretCode\": \"");
    run(
        account,
        aws,
        "admin-update-user-attributes",
        "--user-pool-id",
        realm.poolId,
        "--username",
        ANN,
        "--user-attributes",
        "Name=email_verified,Value=true");
    run(account, aws, "forgot-password", "--client-id", realm.clientId, "--username", ANN);
    run(
        account,
        aws,
        "confirm-forgot-password",
        "--client-id",
        realm.clientId,
        "--username",
        ANN,
        "--confirmation-code",
        realm.standIn.messages().getFirst().secret(),
        "--password",
        "Battery-Staple-8");
  }

  @Test
  void theSdkForJavaEnrolsAnAuthenticatorApp() {
    realm.user(ANN);
    try (var sdk = sdk("portico-local-secret")) {
      sdk.setUserPoolMfaConfig(
          r ->
              r.userPoolId(realm.poolId)
                  .mfaConfiguration(UserPoolMfaType.ON)
                  .softwareTokenMfaConfiguration(totp -> totp.enabled(true)));
      var setUp = begin(sdk);
      assertThat(setUp.challengeName()).isEqualTo(ChallengeNameType.MFA_SETUP);
      var associated = sdk.associateSoftwareToken(r -> r.session(setUp.session()));
      var secret = associated.secretCode();
      assertThatThrownBy(
              () ->
                  sdk.verifySoftwareToken(r -> r.session(associated.session()).userCode("no code")))
          .isInstanceOf(EnableSoftwareTokenMfaException.class);
      var code = Totp.at(secret, now());
      var verified = sdk.verifySoftwareToken(r -> r.session(associated.session()).userCode(code));
      assertThat(verified.status()).isEqualTo(VerifySoftwareTokenResponseType.SUCCESS);
      var access =
          respond(sdk, ChallengeNameType.MFA_SETUP, verified.session(), Map.of("USERNAME", ANN))
              .authenticationResult()
              .accessToken();
      assertThat(sdk.getUser(r -> r.accessToken(access)).preferredMfaSetting())
          .isEqualTo("SOFTWARE_TOKEN_MFA");

      var asked = begin(sdk);
      assertThat(asked.challengeName()).isEqualTo(ChallengeNameType.SOFTWARE_TOKEN_MFA);
      var used = Map.of("USERNAME", ANN, "SOFTWARE_TOKEN_MFA_CODE", code);
      assertThatThrownBy(
              () -> respond(sdk, ChallengeNameType.SOFTWARE_TOKEN_MFA, asked.session(), used))
          .isInstanceOf(ExpiredCodeException.class);
      realm.standIn.clock().advance(Duration.ofSeconds(30));
      var fresh = Map.of("USERNAME", ANN, "SOFTWARE_TOKEN_MFA_CODE", Totp.at(secret, now()));
      assertThat(
              respond(sdk, ChallengeNameType.SOFTWARE_TOKEN_MFA, asked.session(), fresh)
                  .authenticationResult()
                  .refreshToken())
          .isNotEmpty();
    }
  }

  private long now() {
    return realm.standIn.clock().instant().getEpochSecond();
  }

  private AdminInitiateAuthResponse begin(CognitoIdentityProviderClient sdk) {
    return sdk.adminInitiateAuth(
        r ->
            r.userPoolId(realm.poolId)
                .clientId(realm.clientId)
                .authFlow(AuthFlowType.ADMIN_USER_PASSWORD_AUTH)
                .authParameters(Map.of("USERNAME", ANN, "PASSWORD", Realm.PASSWORD)));
  }

  private AdminRespondToAuthChallengeResponse respond(
      CognitoIdentityProviderClient sdk,
      ChallengeNameType challenge,
      String session,
      Map<String, String> responses) {
    return sdk.adminRespondToAuthChallenge(
        r ->
            r.userPoolId(realm.poolId)
                .clientId(realm.clientId)
                .challengeName(challenge)
                .session(session)
                .challengeResponses(responses));
  }

  @Test
  void theLibrariesForJavaScriptSignInAndVerify() throws IOException, InterruptedException {
    realm.user(ANN);
    inNode("witness.mjs");
  }

  @Test
  void theLibraryForJavaScriptEnrolsAnAuthenticatorApp() throws IOException, InterruptedException {
    realm.user(ANN);
    offerAuthenticatorApps();
    inNode("mfa.mjs");
  }

  @Test
  void theLibraryForJavaScriptDoesSoInABrowser() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(CHROMIUM), "chromium is not installed");
    realm.user(ANN);
    offerAuthenticatorApps();
    inNode("browser.mjs", CHROMIUM.toString());
  }

  private void offerAuthenticatorApps() {
    var set =
        realm.aws.signed(
            "SetUserPoolMfaConfig",
            AwsClient.json(
                "UserPoolId",
                realm.poolId,
                "MfaConfiguration",
                "OPTIONAL",
                "SoftwareTokenMfaConfiguration",
                Map.of("Enabled", true)));
    assertThat(set.status()).isEqualTo(200);
  }

  @Test
  void theSdkForJavaKeepsResourceServersAndTheirClients() {
    try (var sdk = sdk("portico-local-secret")) {
      var machine = machine(sdk);
      assertThat(machine.allowedOAuthFlows()).containsExactly(OAuthFlowType.CLIENT_CREDENTIALS);
      assertThatThrownBy(
              () ->
                  sdk.createUserPoolClient(
                      r ->
                          r.userPoolId(realm.poolId)
                              .clientName("wrong")
                              .allowedOAuthScopes("orders/delete")))
          .isInstanceOf(ScopeDoesNotExistException.class);
      assertThatThrownBy(
              () ->
                  sdk.createUserPoolClient(
                      r ->
                          r.userPoolId(realm.poolId)
                              .clientName("wrong")
                              .allowedOAuthFlows(OAuthFlowType.CLIENT_CREDENTIALS)))
          .isInstanceOf(InvalidOAuthFlowException.class);
      assertThat(
              sdk.listResourceServersPaginator(r -> r.userPoolId(realm.poolId)).resourceServers())
          .hasSize(1);
      var changed =
          sdk.updateUserPoolClient(
                  r ->
                      r.userPoolId(realm.poolId).clientId(machine.clientId()).clientName("renamed"))
              .userPoolClient();
      assertThat(changed.clientSecret()).isEqualTo(machine.clientSecret());
      assertThat(changed.allowedOAuthFlows()).isEmpty();
      sdk.deleteUserPoolClient(r -> r.userPoolId(realm.poolId).clientId(machine.clientId()));
      assertThatThrownBy(
              () ->
                  sdk.describeUserPoolClient(
                      r -> r.userPoolId(realm.poolId).clientId(machine.clientId())))
          .isInstanceOf(ResourceNotFoundException.class);
      sdk.deleteResourceServer(r -> r.userPoolId(realm.poolId).identifier("orders"));
      assertThatThrownBy(
              () ->
                  sdk.describeResourceServer(r -> r.userPoolId(realm.poolId).identifier("orders")))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  /** A client for client_credentials, with the scope {@code orders/read}. */
  private UserPoolClientType machine(CognitoIdentityProviderClient sdk) {
    sdk.createResourceServer(
        r ->
            r.userPoolId(realm.poolId)
                .identifier("orders")
                .name("Orders")
                .scopes(
                    ResourceServerScopeType.builder()
                        .scopeName("read")
                        .scopeDescription("Read orders")
                        .build()));
    return sdk.createUserPoolClient(
            r ->
                r.userPoolId(realm.poolId)
                    .clientName("machine")
                    .generateSecret(true)
                    .allowedOAuthFlowsUserPoolClient(true)
                    .allowedOAuthFlows(OAuthFlowType.CLIENT_CREDENTIALS)
                    .allowedOAuthScopes("orders/read"))
        .userPoolClient();
  }

  @Test
  void anOpenIdConnectClientSignsInByCode() throws IOException, InterruptedException {
    realm.user(ANN);
    try (var sdk = sdk("portico-local-secret")) {
      var machine = machine(sdk);
      sdk.updateUserPoolClient(
          r ->
              r.userPoolId(realm.poolId)
                  .clientId(realm.clientId)
                  .supportedIdentityProviders("COGNITO")
                  .callbackURLs("https://app.example.com/callback")
                  .allowedOAuthFlowsUserPoolClient(true)
                  .allowedOAuthFlows(OAuthFlowType.CODE)
                  .allowedOAuthScopes("openid", "email"));
      inNode("oidc.mjs", machine.clientId(), machine.clientSecret());
    }
  }

  @Test
  void anOpenIdConnectClientSignsInByAProviderThatTheSdkForJavaKeeps()
      throws IOException, InterruptedException {
    var partner = ProviderPool.open(realm);
    realm.user(partner.poolId, ANN);
    try (var sdk = sdk("portico-local-secret")) {
      var made =
          sdk.createIdentityProvider(
                  r ->
                      r.userPoolId(realm.poolId)
                          .providerName(ProviderPool.NAME)
                          .providerType(IdentityProviderTypeType.OIDC)
                          .providerDetails(partner.details())
                          .attributeMapping(Map.of("email", "email")))
              .identityProvider();
      assertThat(made.attributeMapping()).containsEntry("username", "sub");
      assertThat(made.creationDate()).isNotNull();
      assertThatThrownBy(
              () ->
                  sdk.createIdentityProvider(
                      r ->
                          r.userPoolId(realm.poolId)
                              .providerName(ProviderPool.NAME)
                              .providerType(IdentityProviderTypeType.OIDC)
                              .providerDetails(partner.details())))
          .isInstanceOf(DuplicateProviderException.class);
      assertThat(sdk.listIdentityProvidersPaginator(r -> r.userPoolId(realm.poolId)).providers())
          .extracting(ProviderDescription::providerType)
          .containsExactly(IdentityProviderTypeType.OIDC);
      sdk.updateUserPoolClient(
          r ->
              r.userPoolId(realm.poolId)
                  .clientId(realm.clientId)
                  .supportedIdentityProviders(ProviderPool.NAME)
                  .callbackURLs("https://app.example.com/callback")
                  .allowedOAuthFlowsUserPoolClient(true)
                  .allowedOAuthFlows(OAuthFlowType.CODE)
                  .allowedOAuthScopes("openid", "profile"));
      inNode("federation.mjs", ProviderPool.NAME);
      assertThat(sdk.listUsers(r -> r.userPoolId(realm.poolId)).users())
          .extracting(UserType::userStatus)
          .containsExactly(UserStatusType.EXTERNAL_PROVIDER);
    }
  }

  /** Runs a script of the libraries, which are fetched once. */
  private void inNode(String script, String... more) throws IOException, InterruptedException {
    assumeTrue(runs("node", "--version") && runs("npm", "--version"), "no Node.js here");
    var sources = Checkout.locate().root().resolve("deploy/stand-ins/src/test/node");
    var clients = Files.createDirectories(Path.of("target", "node").toAbsolutePath());
    boolean fetched =
        Files.exists(clients.resolve("node_modules/.package-lock.json"))
            && Files.mismatch(
                    clients.resolve("package-lock.json"), sources.resolve("package-lock.json"))
                == -1;
    for (var file : List.of("package.json", "package-lock.json")) {
      Files.write(clients.resolve(file), Files.readAllBytes(sources.resolve(file)));
    }
    Consumer<ProcessBuilder> there =
        builder -> {
          builder.directory(clients.toFile());
          builder.environment().put("CLIENTS_FOLDER", clients.toString());
        };
    assumeTrue(
        fetched || start(there, List.of("npm", "ci", "--no-audit", "--no-fund")).status() == 0,
        "the libraries cannot be fetched from npm here");
    assertThat(
            run(
                there,
                List.of("node", sources.resolve(script).toString()),
                Stream.concat(
                        Stream.of(
                            realm.standIn.endpoint().toString(),
                            realm.poolId,
                            realm.clientId,
                            ANN,
                            Realm.PASSWORD),
                        Stream.of(more))
                    .toArray(String[]::new)))
        .isEqualTo("ok\n");
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return start(builder -> {}, List.of(command)).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(
      Consumer<ProcessBuilder> settings, List<String> program, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    var ended = start(settings, command);
    assertThat(ended.status()).as(ended.output()).isZero();
    return ended.output();
  }

  private record Ended(int status, String output) {}

  private static Ended start(Consumer<ProcessBuilder> settings, List<String> command)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    settings.accept(builder);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), output);
  }
}
