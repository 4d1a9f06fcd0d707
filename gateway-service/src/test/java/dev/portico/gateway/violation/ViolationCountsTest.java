package dev.portico.gateway.violation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is held between two deliveries, with a clock that the test moves. */
class ViolationCountsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nanos;
  private final ViolationCounts counts =
      new ViolationCounts(new ReportFates(registry), () -> nanos);

  private static Violation violation(int number) {
    return new Violation("report", "img-src", "data", "/" + number);
  }

  private static ViolationReports reports(int from, int to) {
    List<Violation> violations =
        IntStream.range(from, to).mapToObj(ViolationCountsTest::violation).toList();
    return new ViolationReports(violations, 0, 0);
  }

  private double metric(String outcome) {
    return registry.get("portico.csp.reports").tag("outcome", outcome).counter().count();
  }

  @Test
  void theSameIsCountedTogetherUntilItIsTaken() {
    counts.add("docs", reports(0, 2));
    counts.add("docs", reports(1, 2));
    counts.add("shop", new ViolationReports(List.of(violation(1)), 3, 4));
    assertThat(counts.take())
        .containsExactlyInAnyOrder(
            new ViolationCount("docs", violation(0), 1),
            new ViolationCount("docs", violation(1), 2),
            new ViolationCount("shop", violation(1), 1),
            new ViolationCount("shop", null, 4));
    assertThat(counts.take()).isEmpty();
    assertThat(metric("counted")).isEqualTo(4);
    assertThat(metric("other")).isEqualTo(4);
    assertThat(metric("ignored")).isEqualTo(3);
  }

  @Test
  void oneSiteLeavesRoomForOthers() {
    counts.add("docs", reports(0, ViolationCounts.MOST_OF_A_SITE + 10));
    counts.add("docs", reports(0, 1));
    counts.add("shop", reports(0, 1));
    List<ViolationCount> taken = counts.take();
    assertThat(taken).hasSize(ViolationCounts.MOST_OF_A_SITE + 2);
    assertThat(taken)
        .contains(
            new ViolationCount("docs", null, 10),
            new ViolationCount("docs", violation(0), 2),
            new ViolationCount("shop", violation(0), 1));
    assertThat(metric("other")).isEqualTo(10);
  }

  @Test
  void allSitesTogetherHaveABound() {
    int sites = ViolationCounts.MOST / ViolationCounts.MOST_OF_A_SITE + 2;
    for (int site = 0; site < sites; site++) {
      counts.add("site" + site, reports(0, ViolationCounts.MOST_OF_A_SITE));
    }
    List<ViolationCount> taken = counts.take();
    assertThat(taken).filteredOn(it -> it.violation() != null).hasSize(ViolationCounts.MOST);
    assertThat(taken.stream().mapToLong(ViolationCount::count).sum())
        .isEqualTo((long) sites * ViolationCounts.MOST_OF_A_SITE);
    counts.add("site0", reports(0, 1));
    assertThat(counts.take()).containsExactly(new ViolationCount("site0", violation(0), 1));
  }

  @Test
  void requestsOfASiteAreBoundedInASecond() {
    for (int i = 0; i < ViolationCounts.REQUESTS_A_SECOND; i++) {
      assertThat(counts.admits("docs")).isTrue();
    }
    assertThat(counts.admits("docs")).isFalse();
    assertThat(counts.admits("docs")).isFalse();
    assertThat(counts.admits("shop")).as("another site").isTrue();
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(counts.admits("docs")).as("a second later").isTrue();
    assertThat(counts.take()).containsExactly(new ViolationCount("docs", null, 2));
    assertThat(metric("limited")).isEqualTo(2);
  }
}
