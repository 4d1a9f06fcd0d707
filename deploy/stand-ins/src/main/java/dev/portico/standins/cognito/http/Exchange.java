package dev.portico.standins.cognito.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP exchange, read and answered whole. */
record Exchange(HttpExchange http) {
  /** The largest body that is read. In bytes; Cognito's own requests are far smaller. */
  private static final int LARGEST_BODY = 256 << 10;

  String method() {
    return http.getRequestMethod();
  }

  String path() {
    var path = http.getRequestURI().getPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  /** All values of a header, as a signature counts them; null when absent. */
  @Nullable String header(String name) {
    var values = http.getRequestHeaders().get(name);
    return values == null ? null : String.join(",", values);
  }

  byte[] body() throws IOException {
    return http.getRequestBody().readNBytes(LARGEST_BODY);
  }

  void answer(int status, String type, String body) throws IOException {
    answer(status, Map.of("Content-Type", type), body);
  }

  void answer(int status, Map<String, String> headers, String body) throws IOException {
    headers.forEach(http.getResponseHeaders()::set);
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean bodiless = bytes.length == 0 || method().equals("HEAD");
    http.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
    if (!bodiless) {
      http.getResponseBody().write(bytes);
    }
  }

  /**
   * Whether the request names this machine itself. A web site that points its own name at the
   * loopback address does not.
   */
  boolean namesLoopback() {
    var host = header("Host");
    if (host == null) {
      return false;
    }
    var name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.startsWith("127.");
  }
}
