package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.origin.HttpOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An origin in a snapshot while its fields arrive. */
final class OriginJson implements ContractJson.Field {
  private @Nullable String id;
  private boolean tls = true;
  private @Nullable String host;
  private int port;
  private String pathPrefix = "";
  private boolean http2;
  private Duration connectTimeout = Duration.ofSeconds(5);
  private Duration firstByteTimeout = Duration.ofSeconds(30);
  private Duration idleTimeout = Duration.ofSeconds(60);
  private Duration requestTimeout = Duration.ZERO;
  private int attempts = 1;
  private final List<HttpOrigin.Field> headers = new ArrayList<>();
  private boolean verifyTls = true;
  private int breakerFailures = 5;
  private Duration breakerOpen = Duration.ofSeconds(10);
  private HttpOrigin.@Nullable Probe probe;
  private HttpOrigin.@Nullable Failover failover;

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = ContractJson.text(json);
      case "protocol" -> tls = !"http".equals(json.getText());
      case "host" -> host = ContractJson.text(json);
      case "port" -> port = json.getIntValue();
      case "pathPrefix" -> pathPrefix = json.getText();
      case "httpVersion" -> http2 = "2".equals(json.getText());
      case "connectTimeoutSeconds" -> connectTimeout = SettingsJson.seconds(json);
      case "firstByteTimeoutSeconds" -> firstByteTimeout = SettingsJson.seconds(json);
      case "idleTimeoutSeconds" -> idleTimeout = SettingsJson.seconds(json);
      case "requestTimeoutSeconds" -> requestTimeout = SettingsJson.seconds(json);
      case "attempts" -> attempts = json.getIntValue();
      case "headers" -> ContractJson.array(json, () -> addHeader(json));
      case "verifyTls" -> verifyTls = json.getBooleanValue();
      case "breaker" -> ContractJson.object(json, this::readBreaker);
      case "probe" -> probe = readProbe(json);
      case "failover" -> failover = readFailover(json);
      default -> json.skipChildren();
    }
  }

  private void addHeader(JsonParser json) throws IOException {
    @Nullable String[] texts = new String[2];
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "name" -> texts[0] = ContractJson.text(value);
            case "value" -> texts[1] = ContractJson.text(value);
            default -> value.skipChildren();
          }
        });
    headers.add(
        new HttpOrigin.Field(
            SettingsJson.present(texts[0], "a header's name"),
            SettingsJson.present(texts[1], "a header's value")));
  }

  private void readBreaker(String name, JsonParser json) throws IOException {
    switch (name) {
      case "failures" -> breakerFailures = json.getIntValue();
      case "openSeconds" -> breakerOpen = SettingsJson.seconds(json);
      default -> json.skipChildren();
    }
  }

  private static HttpOrigin.@Nullable Probe readProbe(JsonParser json) throws IOException {
    @Nullable String[] path = {null};
    Duration[] interval = {Duration.ofSeconds(10)};
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "path" -> path[0] = ContractJson.text(value);
            case "intervalSeconds" -> interval[0] = SettingsJson.seconds(value);
            default -> value.skipChildren();
          }
        });
    return path[0] == null ? null : new HttpOrigin.Probe(path[0], interval[0]);
  }

  private static HttpOrigin.@Nullable Failover readFailover(JsonParser json) throws IOException {
    @Nullable String[] origin = {null};
    Set<Integer> statuses = new HashSet<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "origin" -> origin[0] = ContractJson.text(value);
            case "statuses" -> ContractJson.array(value, () -> statuses.add(value.getIntValue()));
            default -> value.skipChildren();
          }
        });
    return origin[0] == null ? null : new HttpOrigin.Failover(origin[0], statuses);
  }

  /** What was read. */
  HttpOrigin finish() throws IOException {
    return new HttpOrigin(
        SettingsJson.present(id, "an origin's id"),
        tls,
        SettingsJson.present(host, "an origin's host"),
        port == 0 ? (tls ? 443 : 80) : port,
        pathPrefix,
        http2,
        connectTimeout,
        firstByteTimeout,
        idleTimeout,
        requestTimeout,
        attempts,
        headers,
        verifyTls,
        new HttpOrigin.Breaker(breakerFailures, breakerOpen),
        probe,
        failover);
  }
}
