package dev.portico.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/scale.md works out is what its figures, and those of deploy/cost, come to. */
class ScaleTest {
  private static final Path PAGE =
      Path.of(System.getProperty("portico.root")).resolve("docs/scale.md");
  private static final double MONTH = Bill.HOURS * 3600;
  private static final double KILOBYTES = 20;
  private static final double MISSES = 0.01;
  private static final double PUBLICATIONS_A_DAY = 3;

  /** The columns of its tables. */
  private record Size(int gateways, double requests, int sites, Shape shape) {
    double publications() {
      return sites * PUBLICATIONS_A_DAY / 86_400;
    }

    double polls() {
      return gateways * (1 / 3.0 + publications());
    }

    Bill bill() {
      double all = requests * MONTH;
      double published = publications() * MONTH;
      return new Comparison(
              Prices.read(),
              new Load(all, all * KILOBYTES / 1e6, all * MISSES, 0, 0, published, 20, sites, 2.0),
              shape)
          .portico();
    }
  }

  private static final List<Size> SIZES =
      List.of(
          size(1, 100, 10, 1, 2, 1, 2, 1),
          size(3, 5_000, 100, 2, 4, 2, 3, 3),
          size(10, 50_000, 1_000, 2, 4, 2, 3, 3),
          size(100, 1_000_000, 10_000, 2, 4, 8, 3, 3));

  private static Size size(
      int gateways,
      double requests,
      int sites,
      double cpu,
      double memory,
      int copies,
      int zones,
      int nats) {
    // As many gateways as are said, whatever each could be given.
    Shape shape = new Shape(gateways, cpu, memory, copies, 1.5, 3, zones, nats, 1e12, 1, false);
    return new Size(gateways, requests, sites, shape);
  }

  /** The numbers in the cells of the row that begins with this cell. */
  private static List<Double> row(String first) throws IOException {
    List<List<Double>> found = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length > 2 && cells[1].strip().equals(first)) {
        List<Double> numbers = new ArrayList<>();
        for (int i = 2; i < 6; i++) {
          numbers.add(Double.parseDouble(cells[i].strip().replaceAll("[,*]", "")));
        }
        found.add(numbers);
      }
    }
    assertThat(found).as("rows that begin with " + first).hasSize(1);
    return found.getFirst();
  }

  /** Equal but for rounding to three digits. */
  private static void assertRow(String first, java.util.function.ToDoubleFunction<Size> expected)
      throws IOException {
    List<Double> numbers = row(first);
    IntStream.range(0, SIZES.size())
        .forEach(
            i -> {
              double right = expected.applyAsDouble(SIZES.get(i));
              assertThat(numbers.get(i))
                  .as("%s, column %d", first, i + 1)
                  .isCloseTo(right, within(Math.max(right * 0.006, 0.0005)));
            });
  }

  @Test
  void theSizesAreThoseOfTheColumns() throws IOException {
    assertRow("gateways", Size::gateways);
    assertRow("requests/s", Size::requests);
    assertRow("sites", Size::sites);
    assertRow("copies of content-service, and of auth-service", size -> size.shape().inner());
  }

  @Test
  void aMonthCostsWhatTheToolSays() throws IOException {
    for (String line :
        List.of(
            "gateway-service",
            "content-service, auth-service",
            "load balancer",
            "DynamoDB",
            "S3",
            "Container Insights",
            "access log in S3",
            "logs",
            "data to viewers")) {
      assertRow(line, size -> size.bill().inOrder().get(line));
    }
    assertRow("in all", size -> size.bill().total());
  }

  @Test
  void sharedResourcesAreLoadedAsTheFormulasSay() throws IOException {
    assertRow("publications/s", Size::publications);
    assertRow("polls/s", Size::polls);
    assertRow("write units/s of `GATEWAYS`", Size::polls);
    assertRow("read units/s of `FEED`", size -> 2 * size.polls() + 5 * size.shape().inner());
    assertRow(
        "read units/s of `AUTH#REVOCATIONS`",
        size -> 4 * size.shape().inner() + (size.gateways() + size.shape().inner()) / 3.0);
    assertRow("read units/s of sites", size -> 4 * size.gateways() * size.publications());
    assertRow("GET/s of manifests", size -> size.gateways() * size.publications());
    assertRow(
        "load balancer units",
        size -> Math.max(size.requests() / 10 / 25, size.requests() * KILOBYTES / 1e6 * 3600));
    assertRow(
        "read units to start all gateways", size -> (double) size.gateways() * size.sites() * 2);
    assertRow("Gbit/s of a gateway", size -> size.requests() / size.gateways() * KILOBYTES * 8e-6);
  }

  /** What the table costs is what its rows of load come to, with what publications write. */
  @Test
  void theTableCostsWhatItsLoadComesTo() throws IOException {
    Prices prices = Prices.read();
    List<Double> cost = row("DynamoDB");
    for (int i = 0; i < SIZES.size(); i++) {
      Size size = SIZES.get(i);
      double reads =
          row("read units/s of `FEED`").get(i)
              + row("read units/s of `AUTH#REVOCATIONS`").get(i)
              + row("read units/s of sites").get(i);
      double writes =
          row("write units/s of `GATEWAYS`").get(i) + row("publications/s").get(i) * (20 + 2 * 20);
      double usd =
          MONTH * (reads * prices.of("table-read") + writes * prices.of("table-write"))
              + size.shape().inner() * 100_000 * prices.of("table-read");
      assertThat(cost.get(i)).as("column %d", i + 1).isCloseTo(usd, within(usd * 0.01));
    }
  }

  /** The processor time of one request, and what a task can be given by it. */
  @Test
  void capacityFollowsFromWhatWasMeasured() throws IOException {
    String page = Files.readString(PAGE);
    double hit = 9.7 + (22.7 - 9.7) * (KILOBYTES - 1) / 63;
    double miss = 33.1 + hit - 9.7;
    double mixed = (1 - MISSES) * hit + MISSES * miss;
    assertThat(page)
        .contains("%.1f µs".formatted(hit))
        .contains("%.1f µs".formatted(miss))
        .contains("%.1f µs".formatted(mixed))
        .contains("%,d requests/s".formatted(Math.round(1e6 / mixed / 1000) * 1000))
        .contains("%,d a processor".formatted(Math.round(1e6 / mixed / 4 / 1000) * 1000));
  }

  /** Where a partition of the table gives out: 1,000 write units a second, 3,000 read units. */
  @Test
  void theTableGivesOutWhereThePageSays() throws IOException {
    String page = Files.readString(PAGE);
    double leases = 1_000 / 100.0 - 1 / 3.0;
    double head = (3_000 - 5 * 8) / 200.0 - 1 / 3.0;
    assertThat(page)
        .contains("%.1f publications/s".formatted(leases))
        .contains("%.1f publications/s".formatted(head));
  }
}
