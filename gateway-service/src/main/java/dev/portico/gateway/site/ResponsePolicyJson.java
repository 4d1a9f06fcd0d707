package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.response.policy.Cors;
import dev.portico.gateway.response.policy.HeaderRule;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.response.policy.ResponsePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A response headers policy in a snapshot while its fields arrive. */
final class ResponsePolicyJson implements ContractJson.Field {
  private static final int OF_A_PERCENT = 10_000;

  private @Nullable String id;
  private final List<HeaderRule> security = new ArrayList<>();
  private final List<HeaderRule> custom = new ArrayList<>();
  private @Nullable Cors cors;
  private final Set<String> removed = new HashSet<>();
  private int timing = ResponsePolicy.NO_TIMING;

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = ContractJson.text(json);
      case "securityHeaders" -> ContractJson.object(json, this::addSecurity);
      case "cors" -> cors = json.currentToken() == JsonToken.VALUE_NULL ? null : readCors(json);
      case "custom" -> ContractJson.array(json, () -> custom.add(readHeader(json)));
      case "remove" -> ContractJson.array(json, () -> removed.add(json.getText()));
      case "serverTiming" -> readTiming(json);
      default -> json.skipChildren();
    }
  }

  private void addSecurity(String name, JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    SecurityHeaderJson draft = new SecurityHeaderJson();
    switch (name) {
      case "contentSecurityPolicy" -> security.add(draft.valued("Content-Security-Policy", json));
      case "contentTypeOptions" ->
          security.add(draft.fixed("X-Content-Type-Options", "nosniff", json));
      case "frameOptions" -> security.add(draft.valued("X-Frame-Options", json));
      case "referrerPolicy" -> security.add(draft.valued("Referrer-Policy", json));
      case "strictTransportSecurity" -> security.add(draft.strictTransport(json));
      case "xssProtection" -> security.add(draft.xssProtection(json));
      default -> json.skipChildren();
    }
  }

  private static HeaderRule readHeader(JsonParser json) throws IOException {
    @Nullable String[] texts = {null, ""};
    boolean[] override = {true};
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "name" -> texts[0] = ContractJson.text(value);
            case "value" -> texts[1] = ContractJson.text(value);
            case "override" -> override[0] = value.getBooleanValue();
            default -> value.skipChildren();
          }
        });
    String value = texts[1];
    return new HeaderRule(
        SettingsJson.present(texts[0], "a response header's name"),
        value == null ? "" : value,
        override[0]);
  }

  private static Cors readCors(JsonParser json) throws IOException {
    boolean[] flags = {false, true};
    long[] maxAge = {0};
    List<String> headers = new ArrayList<>();
    List<String> methods = new ArrayList<>();
    List<String> origins = new ArrayList<>();
    List<String> exposed = new ArrayList<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "allowCredentials" -> flags[0] = value.getBooleanValue();
            case "allowHeaders" -> ContractJson.array(value, () -> headers.add(value.getText()));
            case "allowMethods" -> ContractJson.array(value, () -> methods.add(value.getText()));
            case "allowOrigins" -> ContractJson.array(value, () -> origins.add(value.getText()));
            case "exposeHeaders" -> ContractJson.array(value, () -> exposed.add(value.getText()));
            case "maxAgeSeconds" -> maxAge[0] = value.getLongValue();
            case "originOverride" -> flags[1] = value.getBooleanValue();
            default -> value.skipChildren();
          }
        });
    return new Cors(flags[0], headers, methods, origins, exposed, maxAge[0], flags[1]);
  }

  private void readTiming(JsonParser json) throws IOException {
    boolean[] enabled = {false};
    double[] rate = {0};
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "enabled" -> enabled[0] = value.getBooleanValue();
            case "samplingRate" -> rate[0] = value.getDoubleValue();
            default -> value.skipChildren();
          }
        });
    timing = enabled[0] ? (int) Math.round(rate[0] * OF_A_PERCENT) : ResponsePolicy.NO_TIMING;
  }

  /** What was read. */
  PolicyRules finish() throws IOException {
    List<HeaderRule> headers = new ArrayList<>(security);
    headers.addAll(custom);
    try {
      return PolicyRules.of(
          new ResponsePolicy(
              SettingsJson.present(id, "a response headers policy's id"),
              headers,
              cors,
              removed,
              timing));
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid settings: " + e.getMessage(), e);
    }
  }
}
