package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ServiceMapper;
import io.micronaut.serde.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HotBlobsTest {
  private static final ObjectMapper SERDE = ServiceMapper.create();
  private static final HotBlob SCRIPT =
      new HotBlob("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", "br", 12_044);
  private static final HotBlob IMAGE =
      new HotBlob(
          "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9", "identity", 48_211);

  private Instant now = Instant.parse("2026-11-01T10:15:30Z");
  private final HotBlobs hot =
      new HotBlobs(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  private static String golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.readString(root.resolve("deploy/contracts").resolve(name));
  }

  private static HotBlob blob(int number) {
    return new HotBlob("%064x".formatted(number), "identity", number);
  }

  private void report(String gateway, HotBlob... blobs) {
    hot.report(new HotBlobReport(gateway, List.of(blobs)));
  }

  @Test
  void readsWhatIsHotAtAGateway() throws IOException {
    assertThat(SERDE.readValue(golden("hot-blobs-report.json"), HotBlobReport.class))
        .isEqualTo(new HotBlobReport("gw-7f3a9c2e51d04b86", List.of(SCRIPT, IMAGE)));
  }

  @Test
  void writesWhatIsHot() throws IOException {
    var json = new com.fasterxml.jackson.databind.ObjectMapper();
    String written = SERDE.writeValueAsString(new HotBlobList(List.of(IMAGE, SCRIPT)));
    assertThat(json.readTree(written)).isEqualTo(json.readTree(golden("hot-blobs.json")));
  }

  @Test
  void whatManyGatewaysNameFirstIsHottest() {
    report("a", blob(1), blob(2), blob(3));
    report("b", blob(2), blob(3));
    report("c", blob(4), blob(2));
    assertThat(hot.hottest()).containsExactly(blob(2), blob(3), blob(1), blob(4));
  }

  @Test
  void representationsOfABlobAreToldApart() {
    HotBlob plain = new HotBlob(SCRIPT.sha256(), "identity", 48_000);
    report("a", SCRIPT, plain);
    assertThat(hot.hottest()).containsExactly(SCRIPT, plain);
  }

  @Test
  void aGatewaysNewReportReplacesItsLast() {
    report("a", blob(1));
    report("a", blob(2));
    assertThat(hot.hottest()).containsExactly(blob(2));
  }

  @Test
  void aReportCountsForAWhile() {
    report("a", blob(1));
    now = now.plus(Duration.ofMinutes(1));
    report("b", blob(2));
    now = now.plus(HotBlobs.KEPT).minus(Duration.ofMinutes(1));
    assertThat(hot.hottest()).containsExactly(blob(2));
    now = now.plus(Duration.ofMinutes(1));
    assertThat(hot.hottest()).isEmpty();
  }

  @Test
  void theOldestReportsGoWhenThereAreTooMany() {
    for (int gateway = 0; gateway <= HotBlobs.GATEWAYS; gateway++) {
      report("gw-" + gateway, blob(gateway == 0 ? 1 : 2));
    }
    assertThat(hot.hottest()).containsExactly(blob(2));
  }

  @Test
  void onlySoManyAreAnswered() {
    for (int gateway = 0; gateway < 5; gateway++) {
      int first = gateway * HotBlobs.OF_A_GATEWAY;
      report(
          "gw-" + gateway,
          IntStream.range(first, first + HotBlobs.OF_A_GATEWAY)
              .mapToObj(HotBlobsTest::blob)
              .toArray(HotBlob[]::new));
    }
    assertThat(hot.hottest()).hasSize(HotBlobs.ANSWERED).startsWith(blob(0), blob(64));
  }
}
