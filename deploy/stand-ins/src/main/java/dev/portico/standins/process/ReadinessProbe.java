package dev.portico.standins.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** Answers whether a process that was started can be used. Asked again and again until it can. */
@FunctionalInterface
public interface ReadinessProbe {
  /**
   * Whether the process is ready now. Must return within a few seconds and may not throw because
   * the process is not ready.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  boolean isReady(ManagedProcess process) throws InterruptedException;

  /** Ready as soon as it runs. */
  static ReadinessProbe immediately() {
    return process -> true;
  }

  /** Ready when a TCP connection to the loopback port is accepted. */
  static ReadinessProbe port(int port) {
    return process -> {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(Ports.LOOPBACK, port), 1_000);
        return true;
      } catch (IOException notYet) {
        return false;
      }
    };
  }

  /** Ready when a GET of the address is answered, whatever the status. */
  static ReadinessProbe answers(URI address) {
    return http(address, status -> true);
  }

  /** Ready when a GET of the address is answered with a status that is accepted. */
  static ReadinessProbe http(URI address, IntPredicate accepted) {
    return process -> {
      var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(2)).build();
      try {
        return accepted.test(
            ProbeClient.INSTANCE.send(request, BodyHandlers.discarding()).statusCode());
      } catch (IOException notYet) {
        return false;
      }
    };
  }

  /** Ready when a line of this run's log contains a match. */
  static ReadinessProbe logLine(Pattern pattern) {
    return process -> process.findInLog(pattern).isPresent();
  }

  /** One client for all probes: its threads are daemons and it keeps no process alive. */
  final class ProbeClient {
    private static final HttpClient INSTANCE =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private ProbeClient() {}
  }
}
