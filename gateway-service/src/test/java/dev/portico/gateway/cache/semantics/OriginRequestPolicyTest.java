package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.KeySelection.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What an origin sees besides the key, and what that does to Vary. */
class OriginRequestPolicyTest {
  private static final List<KeySelection> ALL =
      List.of(
          KeySelection.NONE,
          KeySelection.ALL,
          new KeySelection(Mode.ONLY, Set.of("a", "b")),
          new KeySelection(Mode.ONLY, Set.of("c")),
          new KeySelection(Mode.ALL_EXCEPT, Set.of("a", "b")),
          new KeySelection(Mode.ALL_EXCEPT, Set.of("b", "c")));

  @Test
  void twoSelectionsSelectWhatEitherDoes() {
    for (KeySelection one : ALL) {
      for (KeySelection other : ALL) {
        for (String name : List.of("a", "b", "c", "d")) {
          assertThat(one.and(other).selects(name))
              .as("%s and %s of %s", one, other, name)
              .isEqualTo(one.selects(name) || other.selects(name));
        }
      }
    }
  }

  /** RFC 9111, section 4.1: cookies that the origin sees and the key does not have. */
  @Test
  void cookiesBesidesTheKeyAreSeenByVary() {
    CachePolicy cache =
        new CachePolicy(
            "p",
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofDays(1),
            false,
            KeySelection.NONE,
            KeySelection.NONE,
            KeySelection.NONE,
            false,
            false,
            false,
            Map.of(),
            false);
    OriginRequestPolicy cookies =
        new OriginRequestPolicy(
            "p", KeySelection.NONE, KeySelection.ALL, KeySelection.NONE, Set.of());
    OriginRequestPolicy none =
        new OriginRequestPolicy(
            "p", KeySelection.ALL, KeySelection.NONE, KeySelection.ALL, Set.of());
    assertThat(CachingRules.of(cache).inKey("Cookie")).isTrue();
    assertThat(CachingRules.of(cache, none, Map.of()).inKey("Cookie")).isTrue();
    assertThat(CachingRules.of(cache, cookies, Map.of()).inKey("Cookie")).isFalse();
  }
}
