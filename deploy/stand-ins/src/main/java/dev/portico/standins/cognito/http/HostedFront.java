package dev.portico.standins.cognito.http;

import dev.portico.standins.cognito.hosted.HostedEndpoints;
import dev.portico.standins.cognito.hosted.HostedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The hosted endpoints at the server. */
public final class HostedFront {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final HostedEndpoints endpoints;

  /** Makes it. */
  public HostedFront(HostedEndpoints endpoints) {
    this.endpoints = endpoints;
  }

  void handle(Exchange exchange, byte[] body) throws IOException {
    var query = exchange.http().getRequestURI().getRawQuery();
    var type = exchange.header("Content-Type");
    var answer =
        endpoints.answer(
            new HostedRequest(
                exchange.method(),
                exchange.path(),
                String.valueOf(exchange.header("Host")),
                query == null ? "" : query,
                type != null && type.startsWith(FORM)
                    ? new String(body, StandardCharsets.UTF_8)
                    : "",
                cookies(exchange),
                exchange.header("Authorization")));
    answer
        .cookies()
        .forEach(cookie -> exchange.http().getResponseHeaders().add("Set-Cookie", cookie));
    exchange.answer(answer.status(), answer.headers(), answer.body());
  }

  private static Map<String, String> cookies(Exchange exchange) {
    var cookies = new HashMap<String, String>();
    var values = exchange.http().getRequestHeaders().get("Cookie");
    if (values != null) {
      for (var pair : String.join("; ", values).split("; *", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          cookies.putIfAbsent(pair.substring(0, equals).strip(), pair.substring(equals + 1));
        }
      }
    }
    return cookies;
  }
}
