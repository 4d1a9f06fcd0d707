package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.SetUserPoolMfaConfigRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;

/** The pages as a browser shows them: by keyboard alone, and judged by axe in light and in dark. */
class PagesInBrowserIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final List<String> LIBRARIES = List.of("package.json", "package-lock.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path sources = Checkout.locate().root().resolve("auth-service/src/test/node");

  /** Where the scripts' libraries are, which are fetched once. */
  private Path libraries() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(CHROMIUM), "chromium is not installed");
    assumeTrue(
        run(Path.of("."), "node", "--version").status() == 0
            && run(Path.of("."), "npm", "--version").status() == 0,
        "no Node.js here");
    var libraries = Files.createDirectories(Path.of("target", "node").toAbsolutePath());
    for (String file : LIBRARIES) {
      Files.write(libraries.resolve(file), Files.readAllBytes(sources.resolve(file)));
    }
    assumeTrue(
        Files.exists(libraries.resolve("node_modules/.package-lock.json"))
            || run(libraries, "npm", "ci", "--no-audit", "--no-fund").status() == 0,
        "the libraries cannot be fetched from npm here");
    return libraries;
  }

  @Test
  void everyPageIsReachedByKeyboardAndCanBeUsedByEverybody() throws Exception {
    Path libraries = libraries();
    try (var service =
            RunningService.start(
                secured(
                    UserPoolMfaType.OPTIONAL,
                    config -> config.emailMfaConfiguration(email -> email.subject("Code"))),
                client -> {});
        var demanding =
            RunningService.start(secured(UserPoolMfaType.ON, config -> {}), client -> {})) {
      ObjectNode task = task(service, libraries);
      task.put("demanding", host(demanding));
      task.put("bound", demanding.pool().account());
      Ended walk = run(libraries, "node", sources.resolve("walk.mjs").toString(), task.toString());
      assertThat(walk.status()).as(walk.output()).isZero();
      assertThat(walk.output()).contains("ok: ");
    }
  }

  private static Pool secured(
      UserPoolMfaType mfa, Consumer<SetUserPoolMfaConfigRequest.Builder> more) {
    Pool pool = Pool.create();
    pool.cognito()
        .setUserPoolMfaConfig(
            config -> {
              config
                  .userPoolId(pool.id())
                  .mfaConfiguration(mfa)
                  .softwareTokenMfaConfiguration(totp -> totp.enabled(true));
              more.accept(config);
            });
    return pool;
  }

  private static String host(RunningService service) {
    return service.browser().origin().replace("//localhost", "//auth.localhost");
  }

  /** Chromium holds the redirects after a form to its page's policy. */
  @Test
  void formsLeadOverTheLoginPageToAProviderThatNoPolicyNames() throws Exception {
    Path libraries = libraries();
    var partner = Pool.create();
    var pool = Pool.create();
    partner.provideTo(pool);
    try (var service = HostedService.startForProvider(pool)) {
      ObjectNode task = task(libraries);
      task.put("host", HostedService.AUTH_HOST);
      task.put("port", service.api().base().getPort());
      task.put("provider", "http://localhost:" + Pool.standIn().port());
      task.put("username", partner.account());
      task.put("password", Pool.PASSWORD);
      Ended walk =
          run(libraries, "node", sources.resolve("provider.mjs").toString(), task.toString());
      assertThat(walk.status()).as(walk.output()).isZero();
      assertThat(walk.output()).endsWith("ok\n");
    }
  }

  private static ObjectNode task(Path libraries) {
    ObjectNode task = JSON.createObjectNode();
    task.put("libraries", libraries.toString());
    task.put("chromium", CHROMIUM.toString());
    return task;
  }

  private static ObjectNode task(RunningService service, Path libraries) throws IOException {
    String temporary = "Temporary-Word-1";
    Pool pool = service.pool();
    ObjectNode task = task(libraries);
    task.put("pictures", Path.of("target", "pages").toAbsolutePath().toString());
    task.put("host", host(service));
    task.put("internal", service.internal().base().toString());
    task.put("secret", Pool.SECRET);
    task.put("cognito", Pool.standIn().endpoint().toString());
    task.put("plain", pool.account());
    task.put("chooser", withTwoFactors(service));
    task.put("invited", pool.invited(temporary));
    task.put("temporary", temporary);
    task.set(
        "request",
        JSON.readTree(Checkout.locate().contract("auth-authorization-request.json").toFile()));
    ((ObjectNode) task.get("request")).remove("prompt");
    return task;
  }

  private static String withTwoFactors(RunningService service) {
    String address = service.pool().account();
    String token = service.signIn(address, Pool.PASSWORD).field("accessToken");
    String secret = service.call("POST", "/v1/auth/mfa/totp", "", token).field("secret");
    service.call(
        "POST",
        "/v1/auth/mfa/totp/verify",
        "{\"code\":\"" + SignInPagesIT.code(secret, 0) + "\"}",
        token);
    service
        .pool()
        .cognito()
        .setUserMFAPreference(
            request ->
                request
                    .accessToken(token)
                    .softwareTokenMfaSettings(totp -> totp.enabled(true))
                    .emailMfaSettings(email -> email.enabled(true)));
    return address;
  }

  private record Ended(int status, String output) {}

  private static Ended run(Path folder, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      return new Ended(process.exitValue(), output);
    } catch (IOException e) {
      return new Ended(-1, e.toString());
    }
  }
}
