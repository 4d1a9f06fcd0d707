package dev.portico.gateway.cache.key;

import static dev.portico.gateway.cache.key.Requests.get;
import static dev.portico.gateway.cache.key.Requests.only;
import static dev.portico.gateway.cache.key.Requests.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedUriTest {
  private static final KeyRules SOME =
      KeyRules.of(policy(Set.of("x"), only("c"), only("q", "r"), true, true, true));

  private static KeyedUri uri(ViewerRequest request, KeyRules rules) {
    return new KeyWriter().write("site/origin", request, rules).uri();
  }

  private static KeyedUri target(String path, @Nullable String query) {
    return KeyedUri.of("site", get(null), path, query);
  }

  @Test
  void readsWhatIsInAKey() {
    ViewerRequest request =
        Requests.of("http", "example.com", 8080, "/caf%C3%A9/\u20ac", "r=2&z=3&q=1", "X", "y");
    assertThat(uri(request, SOME))
        .isEqualTo(
            new KeyedUri(
                "site", false, "example.com", 8080, "/caf\u00e9/\u20ac", List.of("q=1", "r=2")));
    assertThat(uri(request, KeyRules.RFC_9111).query()).containsExactly("r=2", "z=3", "q=1");
    assertThat(uri(get(null), SOME).query()).isEmpty();
    assertThat(uri(get(""), KeyRules.RFC_9111).query()).isEmpty();
    KeyRules none =
        KeyRules.of(policy(Set.of(), KeySelection.NONE, KeySelection.NONE, false, false, false));
    assertThat(uri(get("a=1"), none).query()).isEmpty();
  }

  @Test
  void decodesAPathOnce() {
    assertThat(KeyedUri.decoded("/a%20b%2Fc%252f")).isEqualTo("/a b/c%2f");
    assertThat(KeyedUri.decoded("/%c3%a9")).isEqualTo(KeyedUri.decoded("/%C3%A9"));
    assertThat(KeyedUri.decoded("/%zz%4")).isEqualTo("/%zz%4");
    assertThat(KeyedUri.decoded("/%-1")).isEqualTo("/%-1");
  }

  @Test
  void answersForWhatItMayHaveBeenMadeOf() {
    assertThat(uri(get("q=1&z=9"), SOME).answersFor(target("/a", "z=2&q=1"))).isTrue();
    assertThat(uri(get("q=1"), SOME).answersFor(target("/a", "q=2"))).isFalse();
    assertThat(uri(get("q=1"), SOME).answersFor(target("/a", null))).isFalse();
    assertThat(uri(get(null), SOME).answersFor(target("/a", "q=2"))).isTrue();
    assertThat(uri(get("b&a"), KeyRules.RFC_9111).answersFor(target("/a", "b&a"))).isTrue();
    assertThat(uri(get(null), SOME).answersFor(target("/b", null))).isFalse();
    assertThat(uri(get(null), SOME).answersFor(target("/%61", null))).isTrue();
    assertThat(
            uri(Requests.of("https", "example.org", 443, "/a", null), SOME)
                .answersFor(target("/a", null)))
        .isFalse();
  }
}
