package dev.portico.standins.cognito.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.user.Message;
import dev.portico.standins.cognito.user.Outbox;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What AWS does not have: the messages it would have sent, for people ({@code /messages}) and for
 * programs ({@code /messages.json}), the clock ({@code /clock}), and {@code /health}. Never
 * answered to a page of another site.
 */
public final class ControlPages {
  private static final String HTML = "text/html; charset=utf-8";

  private final ObjectMapper json = new ObjectMapper();
  private final Outbox outbox;
  private final Clock clock;
  private final Supplier<Duration> offset;
  private final Consumer<Duration> advance;
  private final boolean anyHost;

  /**
   * Makes them.
   *
   * @param offset how far the clock differs from the wall clock
   * @param advance sets the clock forward
   * @param anyHost whether to answer under names other than the loopback's
   */
  public ControlPages(
      Outbox outbox,
      Clock clock,
      Supplier<Duration> offset,
      Consumer<Duration> advance,
      boolean anyHost) {
    this.outbox = outbox;
    this.clock = clock;
    this.offset = offset;
    this.advance = advance;
    this.anyHost = anyHost;
  }

  void handle(Exchange exchange) throws IOException {
    if (!anyHost && !exchange.namesLoopback()) {
      exchange.answer(403, "text/plain", "only under the name of this machine\n");
      return;
    }
    switch (exchange.method() + " " + exchange.path()) {
      case "GET /health" -> exchange.answer(200, "text/plain", "ready\n");
      case "GET /", "GET /messages" -> exchange.answer(200, HTML, page());
      case "GET /messages.json" ->
          exchange.answer(
              200,
              "application/json",
              Json.object("messages", Json.list(outbox.messages(), Message::describe)).toString());
      case "GET /clock" -> exchange.answer(200, "application/json", time());
      case "POST /clock" -> setClock(exchange);
      default -> exchange.answer(404, "text/plain", "nothing here; see /messages\n");
    }
  }

  private String time() {
    return Json.object()
        .put("now", clock.instant().toString())
        .put("offset", offset.get().toString())
        .toString();
  }

  private void setClock(Exchange exchange) throws IOException {
    var type = exchange.header("Content-Type");
    // No page of another site can send this type without asking first.
    if (type == null || !type.startsWith("application/json")) {
      exchange.answer(415, "text/plain", "send application/json\n");
      return;
    }
    try {
      JsonNode wanted = json.readTree(exchange.body());
      advance.accept(Duration.parse(wanted.path("advance").asText()));
      exchange.answer(200, "application/json", time());
    } catch (DateTimeException | IOException e) {
      exchange.answer(400, "text/plain", "send {\"advance\": \"PT1H\"} or the like\n");
    }
  }

  private String page() {
    var rows =
        outbox.messages().stream()
            .map(
                message ->
                    "<tr><td>%s<td>%s<td>%s<td><code>%s</code>"
                        .formatted(
                            Instant.ofEpochMilli(message.time()),
                            escaped(message.to()),
                            message.kind(),
                            escaped(message.secret())))
            .collect(Collectors.joining("\n"));
    return """
    <!doctype html>
    <html lang="en">
    <title>Messages of the Cognito stand-in</title>
    <meta http-equiv="refresh" content="5">
    <style>body{font:1rem sans-serif;margin:2rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}</style>
    <h1>What AWS would have sent</h1>
    <p>Newest first; the page reloads itself.
    <table><tr><th>Time<th>To<th>For<th>Code or password
    %s
    </table>
    """
        .formatted(rows.isEmpty() ? "<tr><td colspan=4>Nothing yet." : rows);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
