package dev.portico.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
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
              boolean ofAws =
                  item.source().matches("https://([a-z.]+\\.)?(amazon\\.com|amazonaws\\.cn)/.*");
              assertThat(item.confirm() || ofAws).as("%s", item).isTrue();
            });
    assertThat(prices.plans())
        .hasSizeGreaterThan(3)
        .allSatisfy(
            plan -> {
              assertThat(plan.source()).startsWith("https://");
              assertThat(plan.confirm()).as("%s", plan).isTrue();
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
    Load busy = new Load(500e6, 2000, 5e6, 300e6, 500e6, 1000, 200, 50, 1);
    Comparison comparison = new Comparison(prices, busy, Shape.production());
    assertThat(comparison.portico().total()).isLessThan(comparison.assembled().total());
    assertThat(comparison.assembled().lines().get("Lambda@Edge"))
        .isCloseTo(500e6 * (0.6e-6 + 0.128 * 0.003 * 0.00005001), within(0.01));
    assertThat(comparison.assembled().lines().get("API Gateway")).isCloseTo(300, within(0.01));
  }

  /** Where a function is small enough, CloudFront's own cost a sixth. */
  @Test
  void smallFunctionsAreCheaperThanLambda() {
    Load busy = new Load(500e6, 2000, 5e6, 300e6, 500e6, 1000, 200, 50, 1);
    Comparison comparison = new Comparison(prices, busy, Shape.production());
    assertThat(comparison.assembledWithSmallFunctions().lines().get("CloudFront Functions"))
        .isCloseTo((500e6 - 2e6) * 0.1e-6, within(0.01));
    assertThat(comparison.assembled().total() - comparison.assembledWithSmallFunctions().total())
        .isCloseTo(309.6 - 49.8, within(0.1));
  }

  @Test
  void theCheapestPlanThatIsForAsMuchIsTaken() {
    assertThat(plan(1e6, 100)).isEqualTo("CloudFront: plan Free");
    assertThat(plan(1e6, 101)).isEqualTo("CloudFront: plan Pro");
    assertThat(plan(10e6, 51_200)).isEqualTo("CloudFront: plan Pro");
    assertThat(plan(10e6 + 1, 1)).isEqualTo("CloudFront: plan Business");
    assertThat(plan(500e6, 1)).isEqualTo("CloudFront: plan Premium");
    assertThat(plan(1, 614_400)).isEqualTo("CloudFront: plan Premium 6 billion");
    assertThat(of(load(6e9 + 1, 1)).assembledOnPlan()).isEmpty();
    assertThat(prices.plans())
        .as("the first that fits is the cheapest")
        .isSortedAccordingTo(Comparator.comparingDouble(Prices.Plan::price));
  }

  private String plan(double requests, double gigabytes) {
    Bill bill = of(load(requests, gigabytes)).assembledOnPlan().orElseThrow();
    return bill.inOrder().keySet().iterator().next();
  }

  /** What a plan is there for: it has the firewall, and functions, and any amount of data. */
  @Test
  void aPlanIsOnePriceForAllThatCloudFrontDoes() {
    Load busy = new Load(100e6, 20_000, 0, 0, 100e6, 0, 0, 0, 0);
    Bill bill =
        new Comparison(prices, busy, Shape.small().firewall(true)).assembledOnPlan().orElseThrow();
    assertThat(bill.total()).isCloseTo(200, within(0.001));
  }

  @Test
  void whereNoPlanIsForAsMuchTheReportSaysSo() {
    assertThat(Cost.report("--requests", "7e9"))
        .contains("No flat-rate plan of CloudFront is for as much: the largest, Premium 6 billion")
        .doesNotContain(Cost.ON_PLAN);
    assertThat(Cost.report("--requests", "1e6", "--gb", "10"))
        .contains(Cost.ON_PLAN, "Portico's own front is on none")
        .doesNotContain("No flat-rate plan");
  }

  @Test
  void aFirewallCostsTheSameHereAndThere() {
    Shape without = Shape.small();
    Shape with = without.firewall(true);
    double each = 5 + 4 + 100e6 * 0.6e-6;
    assertThat(new Comparison(prices, load(100e6, 0), with).portico().lines().get("firewall"))
        .isCloseTo(each, within(0.001));
    assertThat(
            new Comparison(prices, load(100e6, 0), with).assembled().total()
                - new Comparison(prices, load(100e6, 0), without).assembled().total())
        .isCloseTo(each, within(0.001));
    assertThat(Cost.bills("--firewall", "yes").get("Portico"))
        .extracting(bill -> bill.lines().get("firewall"))
        .isEqualTo(5 + 4 + 10e6 * 0.6e-6);
    assertThat(Cost.bills("--shape", "production", "--firewall", "no").get("Portico"))
        .extracting(Bill::lines)
        .asString()
        .doesNotContain("firewall");
  }

  /** 8 metrics of the cluster, 17 of each service with its family, and some lines. */
  @Test
  void containerInsightsAreInTheBill() {
    assertThat(of(load(0, 0)).portico().lines().get("Container Insights"))
        .isCloseTo(59 * 0.30 + 3 * 43_800 * 3000 / 1e9 * 0.5, within(0.001));
  }

  /** An alarm costs by the metrics that it looks at. */
  @Test
  void alarmsAreInTheBillAsTheyAreInTheTemplate() {
    int metrics = 0;
    for (Resource alarm : Deployment.small().edge().all("AWS::CloudWatch::Alarm")) {
      metrics +=
          alarm.at("MetricName") != null
              ? 1
              : (int)
                  alarm.list("Metrics").stream()
                      .filter(metric -> metric.get("MetricStat") != null)
                      .count();
    }
    assertThat(metrics).isEqualTo((int) Comparison.ALARM_METRICS);
  }

  /** What is taken from logs: one each, or one for each value of its dimension. */
  @Test
  void metricsAreInTheBillAsTheyAreInTheTemplate() throws IOException {
    List<Resource> filters = Deployment.small().edge().all("AWS::Logs::MetricFilter");
    List<Resource> divided =
        filters.stream()
            .filter(filter -> !filter.list("MetricTransformations.0.Dimensions").isEmpty())
            .toList();
    assertThat(divided)
        .extracting(filter -> filter.at("MetricTransformations.0.Dimensions.0.Key"))
        .containsExactlyInAnyOrder("Outcome", "Cause");
    assertThat(filters.size() - divided.size() + Comparison.OUTCOMES + Comparison.CAUSES)
        .isEqualTo(Comparison.METRICS);
    String outcomes =
        Files.readString(DOCS.resolve("gateway-service.md"))
            .replaceAll("(?s).*timer with buckets, by `outcome` \\(([^)]*)\\).*", "$1");
    assertThat(outcomes.split(", ", -1))
        .hasSize((int) Comparison.OUTCOMES)
        .contains("hit", "error");
  }

  private static final Path DOCS = Path.of(System.getProperty("portico.root")).resolve("docs");

  /** Rows of docs/storage.md: what polling costs, in 30 days. */
  @Test
  void pollingCostsWhatThePageOfTheTableSays() throws IOException {
    String page = Files.readString(DOCS.resolve("storage.md"));
    String section = page.substring(page.indexOf("\n## What polling costs\n"));
    List<String> tables =
        Arrays.stream(section.substring(0, section.indexOf("\n## ", 1)).split("\n\n", -1))
            .filter(block -> block.startsWith("|"))
            .toList();
    assertThat(tables).as("one table, which no empty line cuts").hasSize(1);
    List<String> rows = tables.getFirst().lines().toList();
    double month = 30 * 86_400;
    double read = prices.of("table-read");
    double write = prices.of("table-write");
    assertThat(rows).hasSize(2 + 7);
    assertUnits(rows.get(2), Comparison.HEADS_OF_FEED * month, read);
    assertUnits(rows.get(3), Comparison.READS_OF_POLL * Comparison.POLLS * month, read);
    assertUnits(rows.get(4), Comparison.POLLS * month, write);
    assertUnits(rows.get(5), Comparison.OTHER_READS_OF_COPY, read);
    assertUnits(rows.get(6), Comparison.HEADS_OF_REVOCATIONS * month, read);
    assertUnits(rows.get(7), Comparison.POLLS * month, read);
    assertThat(rows.get(8)).contains("a session that is in use");
  }

  /** Its last two cells: millions of units, and what they cost. */
  private static void assertUnits(String row, double units, double price) {
    String[] cells = row.split("\\|", -1);
    double millions = Double.parseDouble(cells[3].strip().replaceFirst(" million .*", ""));
    assertThat(millions).as(row).isCloseTo(units / 1e6, within(0.05));
    double usd = Double.parseDouble(cells[4].strip().replaceFirst(" per .*", ""));
    assertThat(usd).as(row).isCloseTo(units * price, within(0.0051));
  }

  @Test
  void sitesCostTheirFiles() {
    double ten = Objects.requireNonNull(Cost.bills("--sites", "10").get("Portico")).total();
    double hundred = Objects.requireNonNull(Cost.bills("--sites", "100").get("Portico")).total();
    assertThat(hundred - ten).isCloseTo(90 * 2 * 0.023, within(0.001));
  }

  /** The table of docs/aws.md: options in the first column, then the bills. */
  @Test
  void theTableOfThePageIsWhatTheToolSays() throws IOException {
    List<String> rows = rows("`(--[^`]+)`");
    assertThat(rows).hasSize(4);
    for (String row : rows) {
      String[] cells = row.split("\\|", -1);
      String options = cells[1].replaceAll(".*`(.*)`.*", "$1");
      List<String> bills =
          Cost.bills(options.split(" ", -1)).values().stream()
              .map(bill -> String.format(Locale.ROOT, "%.0f", bill.total()))
              .toList();
      List<String> told =
          Arrays.stream(cells)
              .skip(2)
              .map(cell -> cell.replace("*", "").strip())
              .filter(cell -> !cell.isEmpty())
              .toList();
      assertThat(told).as(options).isEqualTo(bills);
      String least =
          told.stream().min(Comparator.comparingDouble(Double::parseDouble)).orElseThrow();
      assertThat(row).as("the least is bold").contains("**" + least + "**");
    }
  }

  @Test
  void soIsThatOfWaysOut() throws IOException {
    double nat = Bill.HOURS * prices.of("nat-hour");
    double endpoints = 5 * 2 * Bill.HOURS * prices.of("endpoint-hour");
    assertThat(rows("`(nat|endpoints)`"))
        .hasSize(3)
        .satisfiesExactly(
            row -> assertThat(row).contains(String.format(Locale.ROOT, "| %.2f ", nat)),
            row -> assertThat(row).contains(String.format(Locale.ROOT, "| %.2f ", 2 * nat)),
            row -> assertThat(row).contains(String.format(Locale.ROOT, "| %.2f ", endpoints)));
  }

  /** Rows of tables of the page whose first cell has that in it and no name of a setting. */
  private static List<String> rows(String first) throws IOException {
    Path page = Path.of(System.getProperty("portico.root")).resolve("docs/aws.md");
    Pattern row = Pattern.compile("\\| [^|]*" + first + ",?[^|]*\\|.*");
    return Files.readAllLines(page).stream()
        .filter(line -> row.matcher(line).matches() && !line.startsWith("| `network."))
        .toList();
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

  /** 520 GB of lines: unpacked, taken in packed, and kept for three months. */
  @Test
  void theAccessLogInS3IsCheapBesideThat() {
    assertThat(of(load(1e9, 0)).portico().lines().get("access log in S3"))
        .isCloseTo(520 * 0.00325 + 520 / 8.0 * (0.029 + 3 * 0.023), within(0.001));
  }

  @Test
  void theReportSaysWhichIsLeastAndWhatItLeavesOut() {
    String report = Cost.report("--requests", "1e6", "--gb", "10");
    assertThat(report)
        .contains("prices of " + prices.date())
        .contains("Least: " + Cost.ON_PLAN)
        .contains("S3 + CloudFront + Lambda@Edge + API Gateway")
        .contains("Portico behind CloudFront")
        .contains("are to be confirmed")
        .contains("delivery-gb", "table-read")
        .doesNotContain("cloudfront-gb")
        .contains("Left out:");
  }

  @Test
  void helpNamesEveryOption() {
    assertThat(Cost.help())
        .contains("--shape ", "--firewall ", "--requests ", "--gb ", "--misses ", "--api ")
        .contains("--edge ", "--publications ", "--files ", "--sites ", "--site-gb ")
        .contains("default: 10,000,000\n")
        .doesNotContain("null");
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> Cost.report("--request", "1"))
        .hasMessageContaining("there is no option --request; options are");
    assertThatThrownBy(() -> Cost.report("--gb", "much"))
        .hasMessage("--gb must be a number from 0 to 1e15, and is much");
    assertThatThrownBy(() -> Cost.report("--gb")).hasMessageContaining("--gb needs a value");
    assertThatThrownBy(() -> Cost.report("--firewall", "perhaps"))
        .hasMessage("--firewall is yes or no, not perhaps");
    assertThatThrownBy(() -> Cost.report("--shape", "round"))
        .hasMessageContaining("--shape is small or production");
  }
}
