package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ShareCount;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a gateway says of the releases that it counts. */
class ReleaseCountsTest {
  private final ReleaseCounts counts = new ReleaseCounts();

  private void count(String site, boolean released, int status, long times) {
    ShareCount share = counts.of(site, "7", released);
    for (long i = 0; i < times; i++) {
      share.add(status);
    }
  }

  private Map<String, Long> sent(Map<String, String> underWay) {
    Map<String, Long> counters = new HashMap<>();
    counts.addTo(counters, underWay);
    return counters;
  }

  @Test
  void whoLeftBeforeAnAnswerCountsForNothing() {
    count("docs", true, 0, 3);
    count("docs", true, 499, 2);
    count("docs", true, 500, 1);
    count("docs", false, 599, 4);
    assertThat(sent(Map.of("docs", "7")))
        .isEqualTo(
            Map.of(
                "release/docs/7/requests", 3L,
                "release/docs/7/errors", 1L,
                "release/docs/7/live-requests", 4L,
                "release/docs/7/live-errors", 4L));
  }

  @Test
  void whatIsOverIsForgotten() {
    count("docs", true, 200, 1);
    count("shop", true, 200, 1);
    assertThat(sent(Map.of("docs", "8", "shop", "7"))).hasSize(4).doesNotContainKey("docs");
    assertThat(sent(Map.of("docs", "7", "shop", "7"))).as("not kept aside").hasSize(4);
  }

  /** A release that has gone well for long must not be able to fail for as long. */
  @Test
  void whatWasLongAgoCountsLess() {
    count("docs", true, 200, ReleaseCounts.HALVED_AT - 1);
    count("docs", false, 503, 1000);
    Map<String, String> underWay = Map.of("docs", "7");
    assertThat(sent(underWay))
        .containsEntry("release/docs/7/requests", ReleaseCounts.HALVED_AT - 1);
    count("docs", true, 500, 1);
    Map<String, Long> halved = sent(underWay);
    assertThat(halved)
        .containsEntry("release/docs/7/requests", ReleaseCounts.HALVED_AT / 2)
        .containsEntry("release/docs/7/errors", 1L)
        .containsEntry("release/docs/7/live-errors", 500L);
    assertThat(sent(underWay)).as("once").isEqualTo(halved);
  }

  @Test
  void aQuestionHoldsNoMoreThanItMay() {
    Map<String, String> underWay = new HashMap<>();
    for (int i = 0; i < ReleaseCounts.MOST + 10; i++) {
      count("site" + i, true, 200, 1);
      underWay.put("site" + i, "7");
    }
    assertThat(sent(underWay)).hasSize(ReleaseCounts.MOST * 4).hasSizeLessThan(1000);
  }
}
