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
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolMfaType;

/** The pages as a browser shows them: by keyboard alone, and judged by axe in light and in dark. */
class PagesInBrowserIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final List<String> LIBRARIES = List.of("package.json", "package-lock.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path sources = Checkout.locate().root().resolve("auth-service/src/test/node");

  @Test
  void everyPageIsReachedByKeyboardAndCanBeUsedByEverybody() throws Exception {
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
    var pool = Pool.create();
    pool.cognito()
        .setUserPoolMfaConfig(
            config ->
                config
                    .userPoolId(pool.id())
                    .mfaConfiguration(UserPoolMfaType.OPTIONAL)
                    .softwareTokenMfaConfiguration(totp -> totp.enabled(true))
                    .emailMfaConfiguration(email -> email.subject("Code")));
    try (var service = RunningService.start(pool, client -> {})) {
      Ended walk =
          run(libraries, "node", sources.resolve("walk.mjs").toString(), task(service, libraries));
      assertThat(walk.status()).as(walk.output()).isZero();
      assertThat(walk.output()).contains("ok: ");
    }
  }

  private static String task(RunningService service, Path libraries) throws IOException {
    String temporary = "Temporary-Word-1";
    Pool pool = service.pool();
    ObjectNode task = JSON.createObjectNode();
    task.put("libraries", libraries.toString());
    task.put("pictures", Path.of("target", "pages").toAbsolutePath().toString());
    task.put("chromium", CHROMIUM.toString());
    task.put("host", service.browser().origin().replace("//localhost", "//auth.localhost"));
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
    return task.toString();
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
