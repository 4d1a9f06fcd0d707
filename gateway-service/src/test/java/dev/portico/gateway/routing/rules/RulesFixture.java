package dev.portico.gateway.routing.rules;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes rules and requests in few words. */
final class RulesFixture {
  private RulesFixture() {}

  /** Of {@code from [name=value …] [to] status[!] [Condition=values …]}, all there. */
  static RedirectRule rule(int line, String text) {
    String[] tokens = text.split(" ", -1);
    String path = tokens[0];
    String scheme = null;
    String host = null;
    if (!path.startsWith("/")) {
      int end = path.indexOf('/', "https://".length());
      scheme = path.substring(0, path.indexOf(':'));
      host = path.substring(path.indexOf("//") + 2, end);
      path = path.substring(end);
    }
    Map<String, String> query = new HashMap<>();
    String to = null;
    int status = 0;
    boolean force = false;
    List<String> languages = List.of();
    List<String> cookies = List.of();
    List<String> roles = List.of();
    List<String> contexts = List.of();
    for (int i = 1; i < tokens.length; i++) {
      String token = tokens[i];
      int equals = token.indexOf('=');
      if (token.startsWith("/") || token.startsWith("http")) {
        to = token;
      } else if (equals < 0) {
        force = token.endsWith("!");
        status = Integer.parseInt(token.replace("!", ""));
      } else if (status == 0) {
        query.put(token.substring(0, equals), token.substring(equals + 1));
      } else if (token.startsWith("Language=")) {
        languages = List.of(token.substring(equals + 1).split(",", -1));
      } else if (token.startsWith("Role=")) {
        roles = List.of(token.substring(equals + 1).split(",", -1));
      } else if (token.startsWith("Context=")) {
        contexts = List.of(token.substring(equals + 1).split(",", -1));
      } else {
        cookies = List.of(token.substring(equals + 1).split(",", -1));
      }
    }
    boolean implied = status == 0;
    int said = implied ? 301 : status;
    return new RedirectRule(
        line, scheme, host, path, query, to, said, implied, force, languages, cookies, roles,
        contexts);
  }

  static RedirectRules rules(String... lines) {
    List<RedirectRule> rules = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      rules.add(rule(i + 1, lines[i]));
    }
    return RedirectRules.of(rules);
  }

  /** A request of {@code https://docs.example.com} for a decoded path, with query if any. */
  static RedirectRequest request(String target, String... headers) {
    int question = target.indexOf('?');
    return new RedirectRequest(
        "https",
        "docs.example.com",
        "docs.example.com",
        question < 0 ? target : target.substring(0, question),
        question < 0 ? null : target.substring(question + 1),
        fields(headers),
        Set.of("production"),
        null);
  }

  private static HeaderFields fields(String... namesAndValues) {
    return new HeaderFields() {
      @Override
      public @Nullable String first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? null : all.getFirst();
      }

      @Override
      public List<String> all(String name) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
          if (namesAndValues[i].equalsIgnoreCase(name)) {
            found.add(namesAndValues[i + 1]);
          }
        }
        return found;
      }

      @Override
      public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
          action.accept(namesAndValues[i], namesAndValues[i + 1]);
        }
      }
    };
  }
}
