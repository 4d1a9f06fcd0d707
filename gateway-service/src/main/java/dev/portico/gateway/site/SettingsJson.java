package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.PathPattern;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings in a snapshot while their fields arrive. Fields that are not known are skipped, and
 * those that are not there have the values of {@link SiteSettings#DEFAULT}: an earlier
 * content-service does not send them.
 */
final class SettingsJson implements ContractJson.Field {
  private boolean immutableAssets = true;
  private final Map<String, HttpOrigin> origins = new HashMap<>();
  private final Map<String, CachePolicy> cachePolicies = new HashMap<>();
  private final List<Behaviour> behaviours = new ArrayList<>();
  private Behaviour otherwise = SiteSettings.DEFAULT.behaviours().otherwise();

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "immutableAssets" -> immutableAssets = json.getBooleanValue();
      case "origins" -> ContractJson.array(json, () -> addOrigin(json));
      case "cachePolicies" -> ContractJson.array(json, () -> addCachePolicy(json));
      case "behaviours" ->
          ContractJson.array(json, () -> behaviours.add(readBehaviour(json, null)));
      case "defaultBehaviour" -> otherwise = readBehaviour(json, PathPattern.ALL);
      default -> json.skipChildren();
    }
  }

  /** What was read. */
  SiteSettings finish() throws IOException {
    try {
      return new SiteSettings(
          immutableAssets, Behaviours.of(behaviours, otherwise), origins, cachePolicies);
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid settings: " + e.getMessage(), e);
    }
  }

  private void addOrigin(JsonParser json) throws IOException {
    OriginJson draft = new OriginJson();
    ContractJson.object(json, draft);
    HttpOrigin origin = draft.finish();
    origins.put(origin.id(), origin);
  }

  private void addCachePolicy(JsonParser json) throws IOException {
    CachePolicyJson draft = new CachePolicyJson();
    ContractJson.object(json, draft);
    CachePolicy policy = draft.finish();
    cachePolicies.put(policy.id(), policy);
  }

  private static Behaviour readBehaviour(JsonParser json, @Nullable PathPattern fixed)
      throws IOException {
    @Nullable String[] texts = new String[3];
    Set<String> methods = new HashSet<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "pattern" -> texts[0] = ContractJson.text(value);
            case "origin" -> texts[1] = ContractJson.text(value);
            case "cachePolicy" -> texts[2] = ContractJson.text(value);
            case "allowedMethods" -> ContractJson.array(value, () -> methods.add(value.getText()));
            default -> value.skipChildren();
          }
        });
    PathPattern pattern =
        fixed == null ? PathPattern.of(present(texts[0], "a behaviour's pattern")) : fixed;
    return new Behaviour(
        pattern,
        texts[1],
        texts[2],
        methods.isEmpty() ? SiteSettings.DEFAULT.behaviours().otherwise().methods() : methods);
  }

  /** A value that there must be. */
  static String present(@Nullable String value, String what) throws IOException {
    if (value == null) {
      throw new IOException("settings without " + what);
    }
    return value;
  }

  /** Whole seconds. */
  static Duration seconds(JsonParser json) throws IOException {
    return Duration.ofSeconds(json.getLongValue());
  }
}
