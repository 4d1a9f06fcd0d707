package dev.portico.local;

import dev.portico.standins.aws.DynamoDbLocal;
import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.S3Proxy;
import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The steps of {@link Up} that prepare what the services need, each as a container that runs once:
 * {@code docker-compose.yml} puts them in order. What they learn goes to the services as files of
 * settings, each service's in a volume of its own, since nobody can set the environment of a
 * container that exists.
 */
public final class Compose {
  private static final String NAME = "portico";

  /** For a container that would answer, in milliseconds. */
  private static final int PATIENCE = 2_000;

  private final Checkout checkout;
  private final Path volumes;
  private final Map<String, String> environment;
  private final PrintStream out;

  Compose(Checkout checkout, Path volumes, Map<String, String> environment, PrintStream out) {
    this.checkout = checkout;
    this.volumes = volumes;
    this.environment = environment;
    this.out = out;
  }

  /**
   * Runs one step. Ends with status 1 and one line when it cannot.
   *
   * @param arguments {@code storage}, {@code provision}, {@code demo}, or {@code export} and {@code
   *     import} with their files on the standard streams
   */
  public static void main(String[] arguments) {
    try {
      var volumes = Path.of("/var/lib/portico");
      new Compose(Checkout.locate(), volumes, System.getenv(), System.out).run(List.of(arguments));
    } catch (CannotStart | IllegalStateException | UncheckedIOException e) {
      System.err.println("portico-local: " + e.getMessage());
      System.exit(1);
    }
  }

  void run(List<String> arguments) {
    switch (String.join(" ", arguments)) {
      case "storage" -> storage();
      case "provision" -> provision();
      case "demo" -> demo();
      case "export" -> {
        requireStopped();
        Backup.requireWhole(volumes);
        Backup.export(volumes, System.out);
      }
      case "import" -> {
        requireStopped();
        Backup.restore(volumes, System.in);
      }
      default ->
          throw new CannotStart(
              "takes one of storage, provision, demo, export, import; not " + arguments);
    }
  }

  /** What must be there before S3Proxy starts, which makes a bucket readable by others itself. */
  private void storage() {
    S3Proxy.createBucket(volumes.resolve("s3"), NAME);
    out.println("Bucket " + NAME + " ready.");
  }

  /** A file that is written while it is copied is copied half. */
  private void requireStopped() {
    for (var name :
        List.of("PORTICO_DYNAMODB_ENDPOINT", "PORTICO_S3_ENDPOINT", "PORTICO_COGNITO_ENDPOINT")) {
      var endpoint = URI.create(setting(name));
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), PATIENCE);
      } catch (IOException e) {
        // Stopped: its name is not known, or nobody listens.
        continue;
      }
      throw new CannotStart(endpoint.getHost() + " is running; docker compose stop first");
    }
  }

  private void provision() {
    Backup.requireWhole(volumes);
    DynamoDbLocal.createTable(URI.create(setting("PORTICO_DYNAMODB_ENDPOINT")), checkout, NAME);
    out.println("Table " + NAME + " ready.");
    var cognito = URI.create(setting("PORTICO_COGNITO_ENDPOINT"));
    try (var state = DataFolder.open(volumes.resolve("state"));
        var api = new CognitoApi(cognito, LocalCredentials.DEFAULT)) {
      var pool = UserPool.ensure(api, state, state.secret("admin-password", Secrets::password));
      out.println("User pool " + pool.id() + " ready.");
      var internal = state.secret("internal", Secrets::internal);
      var authInternal = state.secret("auth-internal", Secrets::internal);
      var authContent = state.secret("auth-content", Secrets::internal);
      settings(
          "auth",
          Map.of(
              "portico.callers.secrets", authInternal + "," + authContent,
              "portico.callers.of-content", authContent,
              "portico.seal.keys", state.secret("sealing", Secrets::sealingKey),
              "portico.cognito.user-pool-id", pool.id(),
              "portico.cognito.client-id", pool.clientId(),
              "portico.token.client-id", pool.clientId(),
              "portico.token.issuer", pool.issuer(),
              "portico.token.jwks-url", pool.keys(cognito).toString()));
      settings(
          "content",
          Map.of(
              "portico.cognito.client-ids", pool.clientId(),
              "portico.cognito.issuer", pool.issuer(),
              "portico.cognito.jwks-url", pool.keys(cognito).toString(),
              "portico.change.secrets", internal,
              "portico.auth.secret", authContent));
      settings(
          "gateway",
          Map.of(
              "portico.cognito.client-ids", pool.clientId(),
              "portico.cognito.issuer", pool.issuer(),
              "portico.cognito.jwks-url", pool.keys(cognito).toString(),
              "portico.origin.content-secret", internal,
              "portico.session.auth-secret", authInternal));
    }
  }

  /** Publishes the demo site at the first start, and says every time where everything is. */
  private void demo() {
    try (var state = DataFolder.open(volumes.resolve("state"))) {
      var password = state.secret("admin-password", Secrets::password);
      DemoSite.publishOnce(
          state, URI.create(setting("PORTICO_GATEWAY")), password, checkout.root());
      var http = setting("PORTICO_HTTP_PORT");
      out.printf(
          """
          Portico runs.
            Demo site   http://demo.localhost:%s/ and https://demo.localhost:%s/
            API         http://localhost:%s/v1
            Admin       %s
            Password    %s
                        (as it was made; it may have been changed since)
          """,
          http, setting("PORTICO_HTTPS_PORT"), http, UserPool.ADMIN, password);
    }
  }

  private String setting(String name) {
    var value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new CannotStart("needs the environment variable " + name);
    }
    return value;
  }

  /** Writes a service's file of settings, readable by its owner only: services run as the same. */
  private void settings(String service, Map<String, String> values) {
    var folder = volumes.resolve("settings-" + service);
    var lines = new StringBuilder();
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                lines.append(entry.getKey()).append('=').append(entry.getValue()).append('\n'));
    try {
      DataFolder.write(folder, service + ".properties", lines.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the settings of " + service, e);
    }
  }
}
