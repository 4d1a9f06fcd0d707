package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.routing.rules.HeaderRule;
import dev.portico.gateway.routing.rules.HeaderRules;
import dev.portico.gateway.routing.rules.RedirectRule;
import dev.portico.gateway.routing.rules.RedirectRules;
import dev.portico.gateway.routing.rules.SiteRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the rules of a manifest and compiles them. */
final class RulesJson {
  private RulesJson() {}

  static SiteRules read(JsonParser json) throws IOException {
    List<RedirectRule> redirects = new ArrayList<>();
    List<HeaderRule> headers = new ArrayList<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "redirects" -> ContractJson.array(value, () -> redirects.add(redirect(value)));
            case "headers" -> ContractJson.array(value, () -> headers.add(header(value)));
            default -> value.skipChildren();
          }
        });
    return new SiteRules(RedirectRules.of(redirects), HeaderRules.of(headers));
  }

  private static RedirectRule redirect(JsonParser json) throws IOException {
    int[] numbers = new int[2];
    @Nullable String[] texts = new String[4];
    boolean[] flags = {false, false};
    Map<String, String> query = new HashMap<>();
    List<String> languages = new ArrayList<>();
    List<String> cookies = new ArrayList<>();
    List<String> roles = new ArrayList<>();
    List<String> contexts = new ArrayList<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "line" -> numbers[0] = value.getIntValue();
            case "scheme" -> texts[0] = ContractJson.text(value);
            case "host" -> texts[1] = ContractJson.text(value);
            case "path" -> texts[2] = ContractJson.text(value);
            case "query" ->
                ContractJson.object(value, (key, each) -> query.put(key, each.getText()));
            case "to" -> texts[3] = ContractJson.text(value);
            case "status" -> numbers[1] = value.getIntValue();
            case "impliedStatus" -> flags[0] = value.getBooleanValue();
            case "force" -> flags[1] = value.getBooleanValue();
            case "languages" -> ContractJson.array(value, () -> languages.add(value.getText()));
            case "cookies" -> ContractJson.array(value, () -> cookies.add(value.getText()));
            case "roles" -> ContractJson.array(value, () -> roles.add(value.getText()));
            case "contexts" -> ContractJson.array(value, () -> contexts.add(value.getText()));
            default -> value.skipChildren();
          }
        });
    return new RedirectRule(
        numbers[0],
        texts[0],
        texts[1],
        path(texts[2]),
        query,
        texts[3],
        numbers[1],
        flags[0],
        flags[1],
        languages,
        cookies,
        roles,
        contexts);
  }

  private static HeaderRule header(JsonParser json) throws IOException {
    int[] line = new int[1];
    @Nullable String[] texts = new String[2];
    List<HeaderRule.Field> fields = new ArrayList<>();
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "line" -> line[0] = value.getIntValue();
            case "host" -> texts[0] = ContractJson.text(value);
            case "path" -> texts[1] = ContractJson.text(value);
            case "fields" -> ContractJson.array(value, () -> fields.add(field(value)));
            default -> value.skipChildren();
          }
        });
    return new HeaderRule(line[0], texts[0], path(texts[1]), fields);
  }

  private static HeaderRule.Field field(JsonParser json) throws IOException {
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
    String name = texts[0];
    if (name == null) {
      throw new IOException("a rule with a field without name");
    }
    return new HeaderRule.Field(name, texts[1]);
  }

  private static String path(@Nullable String path) throws IOException {
    if (path == null || !path.startsWith("/")) {
      throw new IOException("a rule without path");
    }
    return path;
  }
}
