package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cache policy in a snapshot while its fields arrive. */
final class CachePolicyJson implements ContractJson.Field {
  private @Nullable String id;
  private Duration minTtl = Duration.ZERO;
  private Duration defaultTtl = Duration.ZERO;
  private Duration maxTtl = Duration.ZERO;
  private boolean unsafeMinTtl;
  private KeySelection headers = KeySelection.NONE;
  private KeySelection cookies = KeySelection.NONE;
  private KeySelection query = KeySelection.NONE;
  private boolean sortQuery;
  private boolean gzip;
  private boolean brotli;
  private final Map<Integer, Duration> errorTtl = new HashMap<>();
  private boolean viewerDirectives;

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = ContractJson.text(json);
      case "minTtlSeconds" -> minTtl = SettingsJson.seconds(json);
      case "defaultTtlSeconds" -> defaultTtl = SettingsJson.seconds(json);
      case "maxTtlSeconds" -> maxTtl = SettingsJson.seconds(json);
      case "unsafeMinTtl" -> unsafeMinTtl = json.getBooleanValue();
      case "headers" -> headers = readSelection(json);
      case "cookies" -> cookies = readSelection(json);
      case "query" -> query = readSelection(json);
      case "sortQuery" -> sortQuery = json.getBooleanValue();
      case "gzip" -> gzip = json.getBooleanValue();
      case "brotli" -> brotli = json.getBooleanValue();
      case "errorTtlSeconds" -> ContractJson.object(json, this::addErrorTtl);
      case "viewerDirectives" -> viewerDirectives = json.getBooleanValue();
      default -> json.skipChildren();
    }
  }

  private void addErrorTtl(String status, JsonParser json) throws IOException {
    try {
      errorTtl.put(Integer.valueOf(status), SettingsJson.seconds(json));
    } catch (NumberFormatException e) {
      throw new IOException("settings with the status " + status, e);
    }
  }

  static KeySelection readSelection(JsonParser json) throws IOException {
    String[] mode = {"none"};
    Set<String> names = new HashSet<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "mode" -> mode[0] = value.getText();
            case "names" -> ContractJson.array(value, () -> names.add(value.getText()));
            default -> value.skipChildren();
          }
        });
    return switch (mode[0]) {
      case "none" -> KeySelection.NONE;
      case "only" -> new KeySelection(KeySelection.Mode.ONLY, names);
      case "all-except" -> new KeySelection(KeySelection.Mode.ALL_EXCEPT, names);
      case "all" -> KeySelection.ALL;
      default -> throw new IOException("settings with the mode " + mode[0]);
    };
  }

  /** What was read. */
  CachePolicy finish() throws IOException {
    try {
      return new CachePolicy(
          SettingsJson.present(id, "a cache policy's id"),
          minTtl,
          defaultTtl,
          maxTtl,
          unsafeMinTtl,
          headers,
          cookies,
          query,
          sortQuery,
          gzip,
          brotli,
          errorTtl,
          viewerDirectives);
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid settings: " + e.getMessage(), e);
    }
  }
}
