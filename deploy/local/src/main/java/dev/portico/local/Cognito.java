package dev.portico.local;

import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.ReadinessProbe;
import java.net.URI;
import java.time.Duration;

/**
 * The Cognito stand-in, in a process of its own.
 *
 * @param process the running process
 * @param endpoint where clients find it
 */
record Cognito(ManagedProcess process, URI endpoint) {
  static Cognito start(Checkout checkout, DataFolder folder, int port) {
    var endpoint = URI.create("http://127.0.0.1:" + port);
    var process =
        ManagedProcess.named("Cognito stand-in")
            .command(
                ManagedProcess.java().toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                checkout.standInsJar().toString(),
                "cognito",
                "--port",
                Integer.toString(port),
                "--data",
                folder.folder("cognito").toString())
            .log(folder.log("cognito"))
            .readyWithin(Duration.ofMinutes(5))
            .readyWhen(ReadinessProbe.http(endpoint.resolve("/health"), status -> status == 200))
            .start();
    return new Cognito(process, endpoint);
  }

  /** Where the codes are that AWS would mail. */
  URI codes() {
    return endpoint.resolve("/messages");
  }
}
