package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.change.GatewayRegistry.Gateway;
import dev.portico.content.site.GradualRelease.Bound;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a release is at fault. */
class ReleaseCountsTest {
  private static final Bound BOUND = new Bound(5, 100);

  @ParameterizedTest
  @CsvSource({
    // requests, errors, of the others: requests, errors
    "0,    0,   0,    0,   false",
    "99,   99,  0,    0,   false",
    "100,  5,   0,    0,   false",
    "100,  6,   0,    0,   false",
    "100,  100, 0,    0,   true",
    "100,  90,  20,   0,   true",
    // By chance: 75 % of the viewers have the release, and 4 % fail for all.
    "100,  12,  33,   1,   false",
    "1000, 51,  9000, 0,   false",
    "1000, 80,  9000, 0,   true",
    // What fails for everybody is not its fault.
    "1000, 500, 9000, 4500, false",
    "1000, 560, 9000, 4500, false",
    "1000, 620, 9000, 4500, true",
    "1000, 1000, 100, 100, false",
    // Few others tell little.
    "1000, 100, 1,    1,   false",
    "1000, 900, 10,   10,  false",
    "1000, 900, 10,   0,   true",
    // The release mends what the live one breaks.
    "1000, 10,  1000, 900, false",
  })
  void isJudgedBesideTheOthers(
      long requests, long errors, long liveRequests, long liveErrors, boolean fault) {
    var counts = new ReleaseCounts(requests, errors, liveRequests, liveErrors);
    assertThat(counts.fault(BOUND).isPresent()).isEqualTo(fault);
  }

  @Test
  void peopleAreToldWhy() {
    assertThat(new ReleaseCounts(200, 190, 0, 0).fault(BOUND).orElse(""))
        .startsWith("95.00 % of its viewers' requests failed (190 of 200)")
        .contains("0.00 % of the others' (0 of 0)")
        .contains("more than 5.0 %");
  }

  private static Gateway gateway(Map<String, Long> counters) {
    return new Gateway("gw", null, null, 1, true, Instant.MAX, counters);
  }

  @Test
  void gatewaysAreAddedUp() {
    assertThat(
            ReleaseCounts.of(
                "docs",
                "7",
                List.of(
                    gateway(Map.of("release/docs/7/requests", 10L, "release/docs/7/errors", 1L)),
                    gateway(Map.of()),
                    gateway(
                        Map.of(
                            "release/docs/7/requests", 5L,
                            "release/docs/7/errors", -3L,
                            "release/docs/7/live-requests", 4L,
                            "release/docs/7/live-errors", 2L,
                            "release/docs/6/errors", 50L,
                            "release/docs2/7/errors", 50L)))))
        .isEqualTo(new ReleaseCounts(15, 1, 4, 2));
  }

  @Test
  void onlyErrorsAreAReasonToJudge() {
    assertThat(
            ReleaseCounts.failing(
                Map.of(
                    "sites", 4L,
                    "release/docs/7/requests", 10L,
                    "release/docs/7/errors", 1L,
                    "release/docs/6/errors", 1L,
                    "release/shop/7/errors", 0L,
                    "release/blog/7/live-errors", 9L)))
        .containsExactly("docs");
  }
}
