package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CacheTagsTest {
  private static CacheTags of(String... fields) {
    return CacheTags.of(FieldList.of(fields));
  }

  @Test
  void bothFieldsCount() {
    assertThat(of("Surrogate-Key", "c  d a", "Cache-Tag", "a, b,,", "cache-tag", "e"))
        .isEqualTo(new CacheTags(List.of("a", "b", "e", "c", "d"), true));
    assertThat(of()).isEqualTo(new CacheTags(List.of(), true));
  }

  @Test
  void theyCompareExactly() {
    assertThat(of("Cache-Tag", "A,a").tags()).containsExactly("A", "a");
  }

  @Test
  void whatIsTooMuchIsDroppedAndTold() {
    String longest = "x".repeat(CacheTags.LONGEST_TAG);
    assertThat(of("Cache-Tag", longest)).isEqualTo(new CacheTags(List.of(longest), true));
    assertThat(of("Cache-Tag", "a," + longest + "x")).isEqualTo(new CacheTags(List.of("a"), false));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < CacheTags.MOST_TAGS; i++) {
      many.append(i).append(' ');
    }
    assertThat(of("Surrogate-Key", many.toString()).complete()).isTrue();
    assertThat(of("Surrogate-Key", many + "0").complete()).isTrue();
    CacheTags over = of("Surrogate-Key", many + "more");
    assertThat(over.complete()).isFalse();
    assertThat(over.tags()).hasSize(CacheTags.MOST_TAGS);
    assertThat(of("Cache-Tag", "\u00fc").complete()).isFalse();
  }
}
