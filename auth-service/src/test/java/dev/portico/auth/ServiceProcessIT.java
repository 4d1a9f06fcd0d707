package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Http;
import dev.portico.auth.fixture.Pool;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The jar that ships, as a process of its own. */
class ServiceProcessIT {
  private static final Path JAR = Path.of("target", "auth-service.jar").toAbsolutePath();
  private static final Pattern PORTS =
      Pattern.compile("listens on port (\\d+), for health and metrics on (\\d+)");

  private static ManagedProcess start(Map<String, String> environment) {
    return ManagedProcess.named("auth-service")
        .command(ManagedProcess.java().toString(), "-XX:+UseSerialGC", "-jar", JAR.toString())
        .environment(environment)
        .log(log())
        .start();
  }

  private static Path log() {
    try {
      return Files.createTempFile(Files.createDirectories(Path.of("target")), "auth-", ".log");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> environment(Pool pool, String cognito) {
    var client = pool.client(made -> {});
    var environment = new HashMap<String, String>();
    environment.put("PORTICO_API_PORT", "0");
    environment.put("PORTICO_INTERNAL_PORT", "0");
    environment.put("PORTICO_MANAGEMENT_PORT", "0");
    environment.put("PORTICO_INTERNAL_SECRETS", Pool.SECRET);
    environment.put("PORTICO_AUTH_SEALING_KEYS", Pool.SEALING_KEY);
    environment.put("PORTICO_DYNAMODB_TABLE", TestEnvironment.NAME);
    environment.put(
        "PORTICO_DYNAMODB_ENDPOINT", TestEnvironment.shared().dynamoDb().endpoint().toString());
    environment.put("PORTICO_COGNITO_ENDPOINT", cognito);
    environment.put("PORTICO_COGNITO_USER_POOL_ID", pool.id());
    environment.put("PORTICO_COGNITO_CLIENT_ID", client.clientId());
    environment.put("PORTICO_COGNITO_ISSUER", pool.issuer());
    environment.put("PORTICO_COGNITO_JWKS_URL", Pool.standIn().keySet(pool.id()).toString());
    environment.put("PORTICO_COGNITO_CALL_TIMEOUT", "10s");
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "porticolocal");
    environment.put("AWS_SECRET_ACCESS_KEY", "portico-local-secret");
    return environment;
  }

  private static Http at(String port) {
    return new Http(URI.create("http://localhost:" + port));
  }

  private static String signIn(String username, String password) {
    return "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}";
  }

  private static void awaitReadiness(Http management, int status) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> management.get("/health/readiness").status() == status);
  }

  @Test
  void servesAndLogsNoSecrets() throws IOException {
    var pool = Pool.create();
    try (var process = start(environment(pool, Pool.standIn().endpoint().toString()))) {
      var ports = process.awaitLog(PORTS, Duration.ofSeconds(60));
      Http api = at(ports.group(1));
      awaitReadiness(at(ports.group(2)), 200);
      Answer signedIn = api.post("/v1/auth/sign-in", signIn(pool.account(), Pool.PASSWORD));
      assertThat(signedIn.status()).as(signedIn.text()).isEqualTo(200);
      assertThat(api.post("/v1/auth/sign-in", signIn(pool.account(), "Wrong-Password-1")).status())
          .isEqualTo(401);
      assertThat(
              api.post("/v1/auth/sign-in", "{\"username\":\"u\",\"password\":Wrong-Pass").status())
          .isEqualTo(400);
      String log = Files.readString(process.logFile());
      assertThat(log)
          .doesNotContain(
              Pool.PASSWORD,
              "Wrong-Pass",
              signedIn.field("accessToken"),
              "portico-local-secret",
              Pool.SECRET,
              Pool.SEALING_KEY.substring(3));
    }
  }

  @Test
  void finishesWhatIsInFlightWhenTerminated() throws Exception {
    var pool = Pool.create();
    var asked = new CountDownLatch(1);
    var mayAnswer = new CountDownLatch(1);
    var executor = Executors.newVirtualThreadPerTaskExecutor();
    // A Cognito that takes its time.
    var slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slow.setExecutor(executor);
    slow.createContext(
        "/",
        exchange -> {
          asked.countDown();
          try {
            mayAnswer.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          byte[] body =
              "{\"__type\":\"NotAuthorizedException\",\"message\":\"Incorrect\"}"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
          exchange.sendResponseHeaders(400, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    slow.start();
    String cognito = "http://localhost:" + slow.getAddress().getPort();
    try (var process = start(environment(pool, cognito))) {
      var ports = process.awaitLog(PORTS, Duration.ofSeconds(60));
      Http management = at(ports.group(2));
      awaitReadiness(management, 200);
      var answer =
          CompletableFuture.supplyAsync(
              () -> at(ports.group(1)).post("/v1/auth/sign-in", signIn("a@b.c", "x")), executor);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      process.signal("TERM");
      awaitReadiness(management, 503);
      assertThat(management.get("/health/liveness").status()).isEqualTo(200);
      mayAnswer.countDown();
      assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
      await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
      assertThat(process.handle().exitValue()).isEqualTo(143);
    } finally {
      mayAnswer.countDown();
      slow.stop(0);
      executor.close();
    }
  }

  @Test
  void endsWithOneClearLineWhenItsSettingsCannotWork() throws Exception {
    var working = environment(Pool.create(), "http://localhost:" + Ports.free());
    var faults =
        Map.of(
            "PORTICO_COGNITO_USER_POOL_ID",
            "",
            "PORTICO_SESSION_IDLE",
            "30",
            "PORTICO_LOG_FORMAT",
            "xml");
    var said =
        Map.of(
            "PORTICO_COGNITO_USER_POOL_ID",
            "PORTICO_COGNITO_USER_POOL_ID is not set; it is the pool's id, such as eu-west-1_AbCdEf",
            "PORTICO_SESSION_IDLE",
            "PORTICO_SESSION_IDLE must be a duration as 8h, and is \"30\"",
            "PORTICO_LOG_FORMAT",
            "PORTICO_LOG_FORMAT must be text or json, and is \"xml\"");
    for (var fault : faults.entrySet()) {
      var environment = new HashMap<>(working);
      environment.put(fault.getKey(), fault.getValue());
      try (var process = start(environment)) {
        assertThat(process.handle().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.handle().exitValue()).isEqualTo(1);
        assertThat(Files.readAllLines(process.logFile()))
            .contains(said.get(fault.getKey()))
            .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "));
      }
    }
  }

  /** The first event of a counter that is not there before has no rate. */
  @Test
  void countsFromZeroAndIsReadyByNoDisk() {
    var pool = Pool.create();
    try (var process = start(environment(pool, Pool.standIn().endpoint().toString()))) {
      var ports = process.awaitLog(PORTS, Duration.ofSeconds(60));
      Http management = at(ports.group(2));
      awaitReadiness(management, 200);
      assertThat(management.get("/prometheus").text())
          .contains(
              "portico_auth_audit_total{outcome=\"failed\"} 0.0",
              "portico_auth_sign_ins_total{outcome=\"refused\"} 0.0",
              "portico_auth_revocations_total{kind=\"user\"} 0.0");
      assertThat(management.get("/health/readiness").text()).doesNotContain("diskSpace");
    }
  }
}
