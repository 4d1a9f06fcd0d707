package dev.portico.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class CostTest {
  private final Prices prices = Prices.read();

  private static Load load(double requests, double gigabytes) {
    return new Load(requests, gigabytes, 0, 0, 0, 0, 0, 1, 0);
  }

  private Comparison of(Load load) {
    return new Comparison(prices, load, Shape.small());
  }

  @Test
  void thePricesHaveADateUnitsAndSources() {
    assertThat(LocalDate.parse(prices.date())).isAfter("2026-01-01");
    assertThat(prices.items().values())
        .allSatisfy(
            item -> {
              assertThat(item.price()).isPositive();
              assertThat(item.unit()).isNotEmpty();
              assertThat(item.source()).matches("https://.+|docs/.+");
            });
  }

  /** 730 × (0.5 × 0.03238 + 1 × 0.00356) = 14.42, as docs and price list have it. */
  @Test
  void aTaskCostsWhatItsProcessorAndMemoryDo() {
    assertThat(of(load(0, 0)).portico().lines().get("gateway-service"))
        .isCloseTo(14.42, within(0.01));
  }

  @Test
  void withoutViewersPorticoCostsItsTasksAndTheOtherNothing() {
    assertThat(of(load(0, 0)).assembled().total()).isZero();
    assertThat(of(load(0, 0)).portico().total()).isBetween(90.0, 150.0);
  }

  @Test
  void whatIsFreeIsFree() {
    assertThat(of(load(10e6, 1024)).assembled().total()).isZero();
    assertThat(of(load(10e6 + 1e6, 1024 + 100)).assembled().total())
        .isCloseTo(1.0 + 8.5, within(0.001));
    assertThat(of(load(1, 100)).portico().lines().get("data to viewers")).isZero();
    assertThat(of(load(1, 200)).portico().lines().get("data to viewers"))
        .isCloseTo(9.0, within(0.001));
  }

  @Test
  void functionsAndApisTurnTheBalance() {
    Load busy = new Load(500e6, 2000, 5e6, 300e6, 500e6, 1000, 200, 50, 50);
    Comparison comparison = new Comparison(prices, busy, Shape.production());
    assertThat(comparison.portico().total()).isLessThan(comparison.assembled().total());
    assertThat(comparison.assembled().lines().get("Lambda@Edge"))
        .isCloseTo(500e6 * (0.6e-6 + 0.128 * 0.003 * 0.00005001), within(0.01));
    assertThat(comparison.assembled().lines().get("API Gateway")).isCloseTo(300, within(0.01));
  }

  @Test
  void moreRequestsNeedMoreGateways() {
    assertThat(of(load(0, 0)).gateways()).isEqualTo(1);
    assertThat(of(load(10e9, 0)).gateways()).isGreaterThan(5);
  }

  @Test
  void logsAreAsDearAsTheyAre() {
    assertThat(of(load(1e9, 0)).portico().lines().get("logs")).isCloseTo(260, within(1.0));
  }

  @Test
  void theReportSaysWhichIsLeastAndWhatItLeavesOut() {
    String report = Cost.report("--requests", "1e6", "--gb", "10");
    assertThat(report)
        .contains("prices of " + prices.date())
        .contains("Least: S3 + CloudFront")
        .contains("Portico behind CloudFront")
        .contains("are to be confirmed")
        .contains("Left out:");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> Cost.report("--request", "1"))
        .hasMessageContaining("there is no option --request; options are");
    assertThatThrownBy(() -> Cost.report("--gb", "much"))
        .hasMessage("--gb must be a number from 0 to 1e15, and is much");
    assertThatThrownBy(() -> Cost.report("--gb")).hasMessageContaining("--gb needs a value");
    assertThatThrownBy(() -> Cost.report("--shape", "round"))
        .hasMessageContaining("--shape is small or production");
  }
}
