package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.access.rule.AccessPolicy;
import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What settings say of access while their fields arrive. */
final class AccessJson {
  private final List<Map<String, Object>> policies = new ArrayList<>();
  private final Map<String, PublicKey> keys = new HashMap<>();
  private final Map<String, List<String>> groups = new HashMap<>();
  private @Nullable String previews;
  private SignIn signIn = SignIn.NONE;
  private ApiAccess api = ApiAccess.NONE;

  /** Reads a field of the settings; false when it is none of these. */
  boolean read(String name, JsonParser json) throws IOException {
    switch (name) {
      case "accessPolicies" -> ContractJson.array(json, () -> policies.add(object(json)));
      case "previewAccess" -> previews = ContractJson.text(json);
      case "publicKeys" -> ContractJson.array(json, () -> addKey(object(json)));
      case "keyGroups" -> ContractJson.array(json, () -> addGroup(object(json)));
      case "signIn" -> signIn = signIn(object(json));
      case "api" -> api = api(object(json));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What was read. */
  SiteAccess finish() {
    Map<String, AccessPolicy> read = new HashMap<>();
    for (Map<String, Object> policy : policies) {
      AccessPolicy each = AccessPolicyJson.of(policy, keys, groups);
      read.put(each.id(), each);
    }
    return SiteAccess.of(read, previews, signIn, api);
  }

  /** A key that cannot be read is none: what it has signed is by an unknown key. */
  private void addKey(Map<String, Object> said) {
    PublicKey key = PublicKeyPem.read(String.valueOf(said.get("key")));
    if (key != null) {
      keys.put(String.valueOf(said.get("id")), key);
    }
  }

  private void addGroup(Map<String, Object> said) {
    List<String> named = new ArrayList<>();
    if (said.get("publicKeys") instanceof List<?> list) {
      list.forEach(each -> named.add(String.valueOf(each)));
    }
    groups.put(String.valueOf(said.get("id")), named);
  }

  private static SignIn signIn(Map<String, Object> said) {
    return new SignIn(text(said, "title"), text(said, "accent"), text(said, "logo"));
  }

  private static ApiAccess api(Map<String, Object> said) {
    Set<String> origins = new HashSet<>();
    if (said.get("corsOrigins") instanceof List<?> list) {
      list.forEach(each -> origins.add(String.valueOf(each)));
    }
    return new ApiAccess(Boolean.TRUE.equals(said.get("mounted")), origins);
  }

  private static @Nullable String text(Map<String, Object> said, String name) {
    return said.get(name) instanceof String text ? text : null;
  }

  /**
   * The object, of any form, that the parser is at; an empty one for anything else. Fields that are
   * null are left out.
   */
  private static Map<String, Object> object(JsonParser json) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return fields;
    }
    ContractJson.object(
        json,
        (name, value) -> {
          Object read = value(value);
          if (read != null) {
            fields.put(name, read);
          }
        });
    return fields;
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        ContractJson.array(
            json,
            () -> {
              Object read = value(json);
              elements.add(read == null ? "" : read);
            });
        yield elements;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> json.getText();
    };
  }
}
