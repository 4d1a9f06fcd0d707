package dev.portico.gateway.cache.key;

import static dev.portico.gateway.cache.key.Requests.allExcept;
import static dev.portico.gateway.cache.key.Requests.get;
import static dev.portico.gateway.cache.key.Requests.only;
import static dev.portico.gateway.cache.key.Requests.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.KeySelection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedValuesTest {
  private static final KeySelection NONE = KeySelection.NONE;

  private static @Nullable String query(String query, KeySelection selection, boolean sorted) {
    KeyRules rules = KeyRules.of(policy(Set.of(), NONE, selection, sorted, false, false));
    return ForwardedValues.of(get(query), rules).query();
  }

  @Test
  void onlyWhatIsInTheKeyReachesTheOrigin() {
    assertThat(query("a=1&b=2&a=3", only("a"), false)).isEqualTo("a=1&a=3");
    assertThat(query("a=1&b=2", only("c"), false)).isNull();
    assertThat(query("a=1", NONE, false)).isNull();
    assertThat(query("c&b=2&a=1&", allExcept("b"), true)).isEqualTo("a=1&c");
    assertThat(query("b&&a", KeySelection.ALL, false)).isEqualTo("b&&a");
    assertThat(query("b&&a", KeySelection.ALL, true)).isEqualTo("a&b");
    assertThat(query("%61=1", only("a"), false)).isNull();
  }

  @Test
  void cookies() {
    KeyRules rules = KeyRules.of(policy(Set.of(), only("s", "t"), NONE, false, false, false));
    assertThat(
            ForwardedValues.of(get(null, "Cookie", "a=1;s=2", "Cookie", "t=3 ; s=4"), rules)
                .cookie())
        .isEqualTo("s=2; t=3; s=4");
    assertThat(ForwardedValues.of(get(null, "Cookie", "a=1"), rules).cookie()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'gzip, br', true, true, 'br,gzip'",
    "'gzip, br', true, false, gzip",
    "'gzip, br', false, true, br",
    "gzip, true, true, gzip",
    "zstd, true, true, identity",
    ", true, true, identity",
    "'gzip, br', false, false, "
  })
  void acceptEncoding(
      @Nullable String sent, boolean gzip, boolean brotli, @Nullable String forwarded) {
    KeyRules rules = KeyRules.of(policy(Set.of(), NONE, NONE, false, gzip, brotli));
    String[] fields = sent == null ? new String[0] : new String[] {"Accept-Encoding", sent};
    assertThat(ForwardedValues.of(get(null, fields), rules).acceptEncoding()).isEqualTo(forwarded);
  }

  @Test
  void acceptEncodingAsAFieldLikeOthers() {
    KeyRules rules =
        KeyRules.of(policy(Set.of("accept-encoding"), NONE, NONE, false, false, false));
    assertThat(ForwardedValues.of(get(null, "Accept-Encoding", "zstd, x"), rules).acceptEncoding())
        .isEqualTo("zstd, x");
  }

  @Test
  void otherFields() {
    KeyRules rules = KeyRules.of(policy(Set.of("origin"), NONE, NONE, false, false, false));
    assertThat(ForwardedValues.selects("Origin", rules)).isTrue();
    assertThat(ForwardedValues.selects("User-Agent", rules)).isFalse();
    assertThat(ForwardedValues.selects("User-Agent", KeyRules.RFC_9111)).isTrue();
    assertThat(ForwardedValues.selects("Cookie", KeyRules.RFC_9111)).isFalse();
  }

  @Test
  void withoutAPolicyAllIsAsSent() {
    assertThat(
            ForwardedValues.of(
                get("b&a", "Cookie", "x", "Cookie", "y", "Accept-Encoding", "zstd"),
                KeyRules.RFC_9111))
        .isEqualTo(new ForwardedValues("b&a", "x; y", "zstd"));
    assertThat(ForwardedValues.of(get(null), KeyRules.RFC_9111))
        .isEqualTo(new ForwardedValues(null, null, null));
  }
}
