package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.Conventions;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.routing.ViewerProtocol;
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
  private FileHandling files = SiteSettings.DEFAULT.files();
  private @Nullable String rootObject;
  private final Map<String, HttpOrigin> origins = new HashMap<>();
  private final Map<String, CachePolicy> cachePolicies = new HashMap<>();
  private final Map<String, OriginRequestPolicy> requestPolicies = new HashMap<>();
  private final Map<String, PolicyRules> responsePolicies = new HashMap<>();
  private final AccessJson access = new AccessJson();
  private final List<Behaviour> behaviours = new ArrayList<>();
  private Behaviour otherwise = SiteSettings.DEFAULT.behaviours().otherwise();

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "immutableAssets" -> immutableAssets = json.getBooleanValue();
      case "files" -> files = readFiles(json);
      case "defaultRootObject" -> rootObject = ContractJson.text(json);
      case "origins" -> ContractJson.array(json, () -> addOrigin(json));
      case "cachePolicies" -> ContractJson.array(json, () -> addCachePolicy(json));
      case "originRequestPolicies" -> ContractJson.array(json, () -> addRequestPolicy(json));
      case "responseHeadersPolicies" -> ContractJson.array(json, () -> addResponsePolicy(json));
      case "behaviours" ->
          ContractJson.array(json, () -> behaviours.add(readBehaviour(json, null)));
      case "defaultBehaviour" -> otherwise = readBehaviour(json, PathPattern.ALL);
      default -> {
        if (!access.read(name, json)) {
          json.skipChildren();
        }
      }
    }
  }

  /** What was read. */
  SiteSettings finish() throws IOException {
    try {
      return new SiteSettings(
          immutableAssets,
          files,
          rootObject == null ? null : '/' + rootObject,
          Behaviours.of(behaviours, otherwise),
          origins,
          cachePolicies,
          requestPolicies,
          responsePolicies,
          access.finish());
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid settings: " + e.getMessage(), e);
    }
  }

  private static FileHandling readFiles(JsonParser json) throws IOException {
    boolean[] pretty = {false};
    FileHandling.NotFound[] notFound = {FileHandling.NotFound.PAGE};
    Conventions[] conventions = {Conventions.PORTICO};
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "pretty" -> pretty[0] = value.getBooleanValue();
            case "notFound" -> notFound[0] = notFound(value.getText());
            case "conventions" -> conventions[0] = conventions(value.getText());
            default -> value.skipChildren();
          }
        });
    return new FileHandling(pretty[0], notFound[0], conventions[0]);
  }

  private static FileHandling.NotFound notFound(String word) {
    return switch (word) {
      case "spa" -> FileHandling.NotFound.SPA;
      case "plain" -> FileHandling.NotFound.PLAIN;
      case "page-or-spa" -> FileHandling.NotFound.PAGE_OR_SPA;
      default -> FileHandling.NotFound.PAGE;
    };
  }

  private static Conventions conventions(String word) {
    return word.equals("cloudflare-pages") ? Conventions.CLOUDFLARE_PAGES : Conventions.PORTICO;
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

  private void addRequestPolicy(JsonParser json) throws IOException {
    OriginRequestPolicyJson draft = new OriginRequestPolicyJson();
    ContractJson.object(json, draft);
    OriginRequestPolicy policy = draft.finish();
    requestPolicies.put(policy.id(), policy);
  }

  private void addResponsePolicy(JsonParser json) throws IOException {
    ResponsePolicyJson draft = new ResponsePolicyJson();
    ContractJson.object(json, draft);
    PolicyRules rules = draft.finish();
    responsePolicies.put(rules.id(), rules);
  }

  private static Behaviour readBehaviour(JsonParser json, @Nullable PathPattern fixed)
      throws IOException {
    @Nullable String[] texts = new String[6];
    ViewerProtocol[] protocol = {ViewerProtocol.ALLOW_ALL};
    Set<String> methods = new HashSet<>();
    Set<String> cached = new HashSet<>();
    boolean[] compress = {false};
    List<ErrorResponse> errors = new ArrayList<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "pattern" -> texts[0] = ContractJson.text(value);
            case "origin" -> texts[1] = ContractJson.text(value);
            case "viewerProtocol" -> protocol[0] = viewerProtocol(value.getText());
            case "cachePolicy" -> texts[2] = ContractJson.text(value);
            case "originRequestPolicy" -> texts[4] = ContractJson.text(value);
            case "responseHeadersPolicy" -> texts[3] = ContractJson.text(value);
            case "accessPolicy" -> texts[5] = ContractJson.text(value);
            case "allowedMethods" -> ContractJson.array(value, () -> methods.add(value.getText()));
            case "cachedMethods" -> ContractJson.array(value, () -> cached.add(value.getText()));
            case "compress" -> compress[0] = value.getBooleanValue();
            case "errorResponses" ->
                ContractJson.array(value, () -> errors.add(ErrorResponseJson.of(value)));
            default -> value.skipChildren();
          }
        });
    PathPattern pattern =
        fixed == null ? PathPattern.of(present(texts[0], "a behaviour's pattern")) : fixed;
    return new Behaviour(
        pattern,
        texts[1],
        protocol[0],
        texts[2],
        texts[4],
        texts[3],
        texts[5],
        methods.isEmpty() ? SiteSettings.DEFAULT.behaviours().otherwise().methods() : methods,
        cached.contains("OPTIONS"),
        compress[0],
        ErrorResponses.of(errors));
  }

  private static ViewerProtocol viewerProtocol(String word) throws IOException {
    try {
      return ViewerProtocol.of(word);
    } catch (IllegalArgumentException e) {
      throw new IOException("settings with " + e.getMessage(), e);
    }
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
