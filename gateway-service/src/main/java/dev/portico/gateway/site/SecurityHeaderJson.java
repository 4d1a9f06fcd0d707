package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.response.policy.HeaderRule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One security header of a response headers policy while its fields arrive. */
final class SecurityHeaderJson implements ContractJson.Field {
  private @Nullable String value;
  private boolean override = true;
  private long maxAge;
  private boolean includeSubdomains;
  private boolean preload;
  private boolean protection = true;
  private boolean modeBlock;
  private @Nullable String reportUri;

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "value" -> value = ContractJson.text(json);
      case "override" -> override = json.getBooleanValue();
      case "maxAgeSeconds" -> maxAge = json.getLongValue();
      case "includeSubdomains" -> includeSubdomains = json.getBooleanValue();
      case "preload" -> preload = json.getBooleanValue();
      case "protection" -> protection = json.getBooleanValue();
      case "modeBlock" -> modeBlock = json.getBooleanValue();
      case "reportUri" -> reportUri = ContractJson.text(json);
      default -> json.skipChildren();
    }
  }

  /** A header whose value is given. */
  HeaderRule valued(String name, JsonParser json) throws IOException {
    ContractJson.object(json, this);
    return new HeaderRule(name, SettingsJson.present(value, "a value of " + name), override);
  }

  /** A header that has one value. */
  HeaderRule fixed(String name, String only, JsonParser json) throws IOException {
    ContractJson.object(json, this);
    return new HeaderRule(name, only, override);
  }

  /** RFC 6797, section 6.1. */
  HeaderRule strictTransport(JsonParser json) throws IOException {
    ContractJson.object(json, this);
    String text =
        "max-age="
            + maxAge
            + (includeSubdomains ? "; includeSubDomains" : "")
            + (preload ? "; preload" : "");
    return new HeaderRule("Strict-Transport-Security", text, override);
  }

  /** What browsers once had against reflected scripts. */
  HeaderRule xssProtection(JsonParser json) throws IOException {
    ContractJson.object(json, this);
    String mode = modeBlock ? "; mode=block" : reportUri == null ? "" : "; report=" + reportUri;
    return new HeaderRule("X-XSS-Protection", protection ? "1" + mode : "0", override);
  }
}
