package dev.portico.content.deployment;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.UserPool;
import dev.portico.standins.aws.TestEnvironment;
import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.Ports;
import dev.portico.standins.process.ReadinessProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The service as a process of its own, of the jar that ships, which can be killed and started anew
 * on the same table.
 */
final class ServiceProcess implements AutoCloseable {
  private static final Path CLASSES = Path.of("target", "content-service.jsa").toAbsolutePath();

  static {
    try {
      // The JVM would neither use nor replace what was made from another jar.
      Files.deleteIfExists(CLASSES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final UserPool pool = new UserPool();
  private final String table = "portico-" + UUID.randomUUID();
  private final String token = pool.accessToken(UUID.randomUUID().toString(), "publishers");
  private final Map<String, String> more;
  private final List<String> options;
  private int port;
  private ManagedProcess process;

  /** Starts it with these options of the Java machine. */
  ServiceProcess(String... options) {
    this(Map.of(), options);
  }

  /** Starts it with these variables over those of its environment, too. */
  ServiceProcess(Map<String, String> more, String... options) {
    this.more = Map.copyOf(more);
    this.options = List.of(options);
    TestEnvironment.shared().createTable(table);
    process = start();
  }

  /** Where its API is now. */
  URI api() {
    return URI.create("http://localhost:" + port);
  }

  String token() {
    return token;
  }

  ManagedProcess process() {
    return process;
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.kill();
  }

  /** Stops it in order, so that it leaves its classes for quicker starts, and starts it again. */
  void startQuicklyFromNowOn() {
    process.close();
    process = start();
  }

  /** Starts it again. */
  void restart() {
    process = start();
  }

  private ManagedProcess start() {
    port = Ports.free();
    int management = Ports.free();
    Map<String, String> environment =
        new HashMap<>(TestEnvironment.shared().contentServiceEnvironment());
    environment.put("PORTICO_DYNAMODB_TABLE", table);
    environment.put("PORTICO_API_PORT", Integer.toString(port));
    environment.put("PORTICO_INTERNAL_PORT", "0");
    environment.put("PORTICO_MANAGEMENT_PORT", Integer.toString(management));
    environment.put("PORTICO_COGNITO_ISSUER", UserPool.ISSUER);
    environment.put("PORTICO_COGNITO_JWKS_URL", pool.jwksUrl().toString());
    environment.put("PORTICO_COGNITO_CLIENT_IDS", UserPool.CLIENT);
    environment.put("PORTICO_INTERNAL_SECRETS", ContentServer.SECRET);
    environment.putAll(more);
    List<String> command = new ArrayList<>();
    command.add(ManagedProcess.java().toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + CLASSES,
            "-Xlog:disable",
            "-jar",
            Checkout.locate().serviceJar("content-service").toString()));
    return ManagedProcess.named("content-service")
        .command(command)
        .environment(environment)
        .log(Path.of("target", "content-service-process.log").toAbsolutePath())
        .stopWithin(Duration.ofSeconds(30))
        .readyWhen(
            ReadinessProbe.http(
                URI.create("http://localhost:" + management + "/health/readiness"),
                status -> status == 200))
        .start()
        .awaitReady();
  }

  @Override
  public void close() {
    process.close();
    pool.close();
  }
}
