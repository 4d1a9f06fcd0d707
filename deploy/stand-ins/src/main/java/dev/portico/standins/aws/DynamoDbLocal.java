package dev.portico.standins.aws;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.Ports;
import dev.portico.standins.process.ReadinessProbe;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AWS's DynamoDB Local in a process of its own.
 *
 * @param process the running process
 * @param port the loopback port it listens on
 */
public record DynamoDbLocal(ManagedProcess process, int port) implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Starts it and does not wait; call {@link ManagedProcess#awaitReady()}.
   *
   * @param checkout where its jars are
   * @param data the folder that keeps the tables, or null to keep them in memory only
   * @param port the loopback port, or 0 for any free one
   * @param log the log file
   */
  public static DynamoDbLocal start(Checkout checkout, @Nullable Path data, int port, Path log) {
    int chosen = port == 0 ? Ports.free() : port;
    var command =
        new ArrayList<>(
            List.of(
                ManagedProcess.java().toString(),
                "-XX:+UseSerialGC",
                // In the minutes it runs, the second compiler takes more time than it saves.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                // Its libraries first: ours may be of other versions.
                checkout.dynamoDbLocalLibraries()
                    + File.separator
                    + "*"
                    + File.pathSeparator
                    + ownClasses(),
                DynamoDbOnLoopback.class.getName(),
                "-port",
                Integer.toString(chosen),
                "-sharedDb",
                "-disableTelemetry"));
    if (data == null) {
      command.add("-inMemory");
    } else {
      command.addAll(List.of("-dbPath", createFolder(data).toString()));
    }
    var process =
        ManagedProcess.named("DynamoDB Local")
            .command(command)
            .log(log)
            .readyWhen(ReadinessProbe.answers(URI.create("http://127.0.0.1:" + chosen + "/")))
            .start();
    return new DynamoDbLocal(process, chosen);
  }

  /** The jar, or the folder, that this class is in. */
  private static Path ownClasses() {
    try {
      var source = DynamoDbOnLoopback.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where this class is has no address", e);
    }
  }

  /** Where clients find it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Creates a table as {@code deploy/contracts/table.json} describes it, under the given name.
   * Harmless when it exists.
   *
   * @throws IllegalStateException when DynamoDB Local refuses it
   */
  public void createTable(Checkout checkout, String table) {
    createTable(endpoint(), checkout, table);
  }

  /** The same, on a DynamoDB Local that somebody else has started. */
  public static void createTable(URI endpoint, Checkout checkout, String table) {
    try {
      var definition = (ObjectNode) JSON.readTree(checkout.readContract("table.json"));
      definition.put("TableName", table);
      var answer = call(endpoint, "CreateTable", JSON.writeValueAsString(definition));
      if (!answer.isEmpty() && !answer.contains("ResourceInUseException")) {
        throw new IllegalStateException("cannot create the table " + table + ": " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the table " + table, e);
    }
  }

  /** Returns what DynamoDB Local said against it; empty when it worked. */
  private static String call(URI endpoint, String operation, String body) throws IOException {
    // DynamoDB Local looks at the credential's shape only, never at the signature.
    var request =
        HttpRequest.newBuilder(endpoint)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "DynamoDB_20120810." + operation)
            .header("Authorization", "AWS4-HMAC-SHA256 " + scope() + ", SignedHeaders=host")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      var response = client.send(request, BodyHandlers.ofString());
      return response.statusCode() == 200 ? "" : response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String scope() {
    var account = LocalCredentials.DEFAULT;
    return "Credential="
        + account.keyId()
        + "/20260101/"
        + account.region()
        + "/dynamodb/aws4_request, Signature=0";
  }

  private static Path createFolder(Path folder) {
    try {
      return Files.createDirectories(folder.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the folder " + folder, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
