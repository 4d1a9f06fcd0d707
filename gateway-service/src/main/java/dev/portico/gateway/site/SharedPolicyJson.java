package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.response.policy.PolicyRules;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A shared policy while its fields arrive. */
final class SharedPolicyJson implements ContractJson.Field {
  private @Nullable String id;
  private long version = -1;
  private @Nullable CachePolicy cache;
  private @Nullable OriginRequestPolicy originRequest;
  private @Nullable PolicyRules responseHeaders;

  @Override
  public void read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = ContractJson.text(json);
      case "version" -> version = json.getLongValue();
      case "policy" -> ContractJson.object(json, this::readPolicy);
      default -> json.skipChildren();
    }
  }

  private void readPolicy(String name, JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    switch (name) {
      case "cache" -> {
        CachePolicyJson draft = new CachePolicyJson();
        ContractJson.object(json, draft);
        cache = draft.finish();
      }
      case "originRequest" -> {
        OriginRequestPolicyJson draft = new OriginRequestPolicyJson();
        ContractJson.object(json, draft);
        originRequest = draft.finish();
      }
      case "responseHeaders" -> {
        ResponsePolicyJson draft = new ResponsePolicyJson();
        ContractJson.object(json, draft);
        responseHeaders = draft.finish();
      }
      default -> json.skipChildren();
    }
  }

  /** As far as it has arrived. */
  @Nullable String id() {
    return id;
  }

  /** What was read. */
  SharedPolicy finish() throws IOException {
    if (version < 0 || (cache == null && originRequest == null && responseHeaders == null)) {
      throw new IOException("a shared policy without version, or of no kind that is known");
    }
    return new SharedPolicy(
        SettingsJson.present(id, "a shared policy's id"),
        version,
        cache,
        originRequest,
        responseHeaders);
  }
}
