package dev.portico.probe;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Asks an address over HTTP and says by its exit status whether the answer was 200. Runs every few
 * seconds in every container, so it loads little: a socket and a few lines of HTTP/1.0, for which
 * the JVM needs a fifth of what its HTTP client takes.
 */
public final class Probe {
  private static final int TIMEOUT_MILLIS = 5_000;

  private Probe() {}

  /**
   * Asks.
   *
   * @param arguments the address, as in {@code http://127.0.0.1:8087/health/readiness}
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  /** Writes the body of the answer; 0 when its status is 200, else 1. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    if (arguments.length != 1 || !arguments[0].startsWith("http://")) {
      err.println("usage: java -jar probe.jar http://HOST:PORT/PATH");
      return 1;
    }
    try {
      var answer = ask(URI.create(arguments[0]));
      int head = answer.indexOf("\r\n\r\n");
      out.println(head < 0 ? answer : answer.substring(head + 4));
      boolean ok = answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.0 200");
      if (!ok) {
        err.println(
            "probe: " + arguments[0] + " answered " + answer.lines().findFirst().orElse(""));
      }
      return ok ? 0 : 1;
    } catch (IOException e) {
      err.println("probe: " + arguments[0] + ": " + e.getMessage());
      return 1;
    }
  }

  private static String ask(URI address) throws IOException {
    int port = address.getPort() < 0 ? 80 : address.getPort();
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      var query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
      // HTTP/1.0: no chunks to put together, and the server closes.
      var request =
          "GET %s%s HTTP/1.0\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"
              .formatted(address.getRawPath(), query, address.getHost(), port);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
