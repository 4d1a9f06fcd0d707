package dev.portico.standins.aws;

import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.Ports;
import dev.portico.standins.process.ReadinessProbe;
import java.net.URI;
import java.nio.file.Path;

/**
 * The Cognito stand-in in a process of its own, from its jar.
 *
 * @param process the running process
 * @param port the loopback port it listens on
 */
public record CognitoLocal(ManagedProcess process, int port) implements AutoCloseable {
  /**
   * Starts it and does not wait; call {@link ManagedProcess#awaitReady()}.
   *
   * @param checkout where its jar is
   * @param data the folder that keeps pools and users
   * @param port the loopback port, or 0 for any free one
   * @param log the log file
   */
  public static CognitoLocal start(Checkout checkout, Path data, int port, Path log) {
    int chosen = port == 0 ? Ports.free() : port;
    var process =
        ManagedProcess.named("Cognito stand-in")
            .command(
                ManagedProcess.java().toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                checkout.standInsJar().toString(),
                "cognito",
                "--port",
                Integer.toString(chosen),
                "--data",
                data.toAbsolutePath().toString())
            .log(log)
            .readyWhen(
                ReadinessProbe.http(
                    URI.create("http://127.0.0.1:" + chosen + "/health"), status -> status == 200))
            .start();
    return new CognitoLocal(process, chosen);
  }

  /** Where clients find it, as the endpoint of {@code cognito-idp}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The address of a pool's public keys. */
  public URI keySet(String poolId) {
    return URI.create(endpoint() + "/" + poolId + "/.well-known/jwks.json");
  }

  /** The page on which a person reads the codes that AWS would have sent. */
  public URI messagesPage() {
    return URI.create(endpoint() + "/messages");
  }

  @Override
  public void close() {
    process.close();
  }
}
