package dev.portico.standins.cognito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.standins.cognito.fixture.Realm;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
import software.amazon.awssdk.services.cognitoidentityprovider.model.AuthFlowType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.ChallengeNameType;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CognitoIdentityProviderException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserNotConfirmedException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UsernameExistsException;

/** AWS's own clients as witnesses: what they accept and understand is right. */
final class AwsClientsIT {
  private static final String ANN = "ann@example.com";

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
  }

  @Test
  void theLibrariesForJavaScriptSignInAndVerify() throws IOException, InterruptedException {
    assumeTrue(runs("node", "--version") && runs("npm", "--version"), "no Node.js here");
    var sources = Checkout.locate().root().resolve("deploy/stand-ins/src/test/node");
    var clients = Files.createDirectories(Path.of("target", "node").toAbsolutePath());
    for (var file : List.of("package.json", "package-lock.json")) {
      Files.write(clients.resolve(file), Files.readAllBytes(sources.resolve(file)));
    }
    Consumer<ProcessBuilder> there =
        builder -> {
          builder.directory(clients.toFile());
          builder.environment().put("CLIENTS_FOLDER", clients.toString());
        };
    assumeTrue(
        Files.exists(clients.resolve("node_modules/.package-lock.json"))
            || start(there, List.of("npm", "ci", "--no-audit", "--no-fund")).status() == 0,
        "the libraries cannot be fetched from npm here");
    realm.user(ANN);
    assertThat(
            run(
                there,
                List.of("node", sources.resolve("witness.mjs").toString()),
                realm.standIn.endpoint().toString(),
                realm.poolId,
                realm.clientId,
                ANN,
                Realm.PASSWORD))
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
