package dev.portico.gateway.cache.key;

import static dev.portico.gateway.cache.key.Requests.allExcept;
import static dev.portico.gateway.cache.key.Requests.get;
import static dev.portico.gateway.cache.key.Requests.only;
import static dev.portico.gateway.cache.key.Requests.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyPartsTest {
  private static final List<KeyRules> RULES =
      List.of(
          KeyRules.RFC_9111,
          KeyRules.of(policy(Set.of("x"), only("a"), only("p"), true, true, true)),
          KeyRules.of(policy(Set.of(), allExcept("a"), KeySelection.ALL, false, false, false)),
          KeyRules.of(
              policy(Set.of("x", "y"), KeySelection.ALL, allExcept("p"), true, true, false)),
          KeyRules.of(policy(Set.of(), KeySelection.NONE, KeySelection.NONE, false, false, true)));

  private final KeyWriter writer = new KeyWriter();

  @Test
  void aViewersValuesAreThereOnlyWhereTheyEnterTheKey() {
    ViewerRequest request =
        get("p=1&q=2", "X", "x", "Y", "secret", "Cookie", "a=1; b=2", "Accept-Encoding", "gzip");
    assertThat(KeyParts.of("demo/app", request, RULES.get(1)))
        .isEqualTo(
            Map.of(
                "scope", "demo/app",
                "scheme", "https",
                "host", "example.com",
                "port", 443,
                "path", "/a",
                "query", List.of("p=1"),
                "headers", Map.of("x", "x"),
                "cookies", List.of("a=1"),
                "codings", "gzip"));
  }

  @Test
  void twoAreEqualExactlyWhenTheKeysAre() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (KeyRules rules : RULES) {
      Map<CacheKey, Map<String, Object>> parts = new HashMap<>();
      for (int i = 0; i < 2_000; i++) {
        ViewerRequest request = request(random);
        CacheKey key = writer.write("demo", request, rules).kept();
        Map<String, Object> own = KeyParts.of("demo", request, rules);
        Map<String, Object> same = parts.putIfAbsent(key, own);
        if (same != null) {
          assertThat(own).as("seed %d", seed).isEqualTo(same);
        }
      }
      assertThat(parts.values()).as("seed %d", seed).doesNotHaveDuplicates();
    }
  }

  private static ViewerRequest request(Random random) {
    String[] queries = {null, "", "p=1", "p=2", "q=1", "p=1&q=1", "q=1&p=1", "p=1&p=2", "p", "&"};
    String[] values = {"", "1", "2", "1, 2"};
    String[] cookies = {"", "a=1", "a=2", "b=1", "a=1; b=1", "b=1;a=1", "a"};
    String[] codings = {"", "gzip", "br", "gzip, br", "identity"};
    List<String> fields = new ArrayList<>();
    for (String name : List.of("X", "Y")) {
      if (random.nextBoolean()) {
        fields.add(name);
        fields.add(values[random.nextInt(values.length)]);
      }
    }
    if (random.nextBoolean()) {
      fields.add("Cookie");
      fields.add(cookies[random.nextInt(cookies.length)]);
    }
    if (random.nextBoolean()) {
      fields.add("Accept-Encoding");
      fields.add(codings[random.nextInt(codings.length)]);
    }
    return get(queries[random.nextInt(queries.length)], fields.toArray(new String[0]));
  }
}
