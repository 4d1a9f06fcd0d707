package dev.portico.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MetricsLogIT {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-29T21:00:00.5Z"), ZoneOffset.UTC);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private MetricsLog log(Duration interval, Consumer<String> lines) {
    return new MetricsLog(registry, new ObserveSettings("true", 1, interval), CLOCK, lines);
  }

  private void gauge(String name, double value, String... tags) {
    Gauge.builder(name, () -> value).tags(tags).register(registry);
  }

  @Test
  void aLineHasPorticosGaugesWithoutLabels() {
    gauge("portico.b", 3);
    gauge("portico.large", 1.5e12);
    gauge("portico.unknown", Double.NaN);
    gauge("portico.by.state", 1, "state", "busy");
    gauge("jvm.threads", 9);
    registry.counter("portico.counted").increment();
    Gauge.builder("portico.a", () -> 0.25).baseUnit("seconds").register(registry);
    assertThat(log(Duration.ZERO, line -> {}).line())
        .isEqualTo(
            "{\"time\":\"2026-11-29T21:00:00.500Z\",\"portico_a_seconds\":0.25,\"portico_b\":3.0,"
                + "\"portico_large\":1500000000000}");
  }

  @Test
  void linesComeAgainAndAgainWhateverOneOfThemMeets() {
    List<String> lines = new CopyOnWriteArrayList<>();
    MetricsLog log =
        log(
            Duration.ofMillis(1),
            line -> {
              lines.add(line);
              if (lines.size() == 1) {
                throw new IllegalStateException("the first cannot be written");
              }
            });
    log.start();
    await().until(() -> lines.size() > 2);
    log.stop();
  }

  @Test
  void theGatewaysGaugesHaveTheNamesThatPrometheusShows() throws IOException {
    try (RunningGateway gateway = new RunningGateway();
        RawClient client = new RawClient(gateway.managementPort())) {
      String prometheus = client.get("localhost", "/prometheus").read().text();
      Map<String, Double> line = numbers(gateway.context().getBean(MetricsLog.class).line());
      assertThat(line)
          .containsKeys("portico_controls_age_seconds", "portico_feed_lease", "portico_connections")
          .containsKeys("portico_feed_delay_seconds", "portico_revocations_connected")
          .hasSizeGreaterThan(15);
      assertThat(line.keySet()).allSatisfy(name -> assertThat(prometheus).contains(name + " "));
    }
  }

  private static Map<String, Double> numbers(String line) throws IOException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      while (json.nextToken() != null) {
        if (json.currentToken().isNumeric()) {
          numbers.put(json.currentName(), json.getDoubleValue());
        } else {
          assertThat(json.currentToken())
              .isIn(
                  JsonToken.START_OBJECT,
                  JsonToken.FIELD_NAME,
                  JsonToken.VALUE_STRING,
                  JsonToken.END_OBJECT);
        }
      }
    }
    return numbers;
  }
}
