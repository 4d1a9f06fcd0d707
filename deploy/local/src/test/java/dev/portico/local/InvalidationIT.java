package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portico.local.fixture.Line;
import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.MoreGateway;
import dev.portico.local.fixture.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Completed promises, with content-service and three gateways: one of them reaches
 * content-service by a line that can be cut.
 */
@Timeout(600)
class InvalidationIT {
  private static final Duration LEASE = Duration.ofSeconds(30);

  /** How long an answer of an origin is used without a lease. */
  private static final Duration DOUBT = Duration.ofSeconds(1);

  private static final Map<String, String> SETTINGS =
      Map.of(
          "PORTICO_ORIGIN_ALLOWED_INNER",
          "127.0.0.0/8",
          "PORTICO_GATEWAY_LEASE",
          LEASE.toSeconds() + "s");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SITE = "/v1/sites/shop";
  private static final AtomicInteger VERSION = new AtomicInteger(1);

  @TempDir static Path folder;
  private static HttpServer origin;
  private static LocalStack stack;
  private static String token;
  private static Line line;
  private static MoreGateway second;
  private static MoreGateway third;

  @BeforeAll
  static void start() throws IOException {
    origin = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
    origin.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    origin.createContext("/", InvalidationIT::answer);
    origin.start();
    stack = LocalStack.start(folder.resolve("data"), SETTINGS, "--no-https").awaitReady();
    token = stack.adminToken();
    call("POST", "/v1/sites", "{\"name\":\"shop\"}");
    put(
        SITE + "/settings",
        """
        {"origins": [{"id": "app", "protocol": "http", "host": "127.0.0.1", "port": %d}],
         "behaviours": [{"pattern": "/api/*", "origin": "app", "cachePolicy": "CachingOptimized"}]}\
        """
            .formatted(origin.getAddress().getPort()));
    line = new Line(stack.contentInternal());
    second =
        new MoreGateway(stack, stack.contentInternal(), folder.resolve("second.log"), SETTINGS);
    third = new MoreGateway(stack, line.end(), folder.resolve("third.log"), SETTINGS);
    for (int gateway : gateways()) {
      await().until(() -> LocalStack.get(gateway, "shop.localhost", "/api/x").statusCode() == 200);
    }
  }

  @AfterAll
  static void stop() {
    third.close();
    second.close();
    line.close();
    stack.close();
    origin.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body = Integer.toString(VERSION.get()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Cache-Control", "max-age=600");
    exchange.getResponseHeaders().set("Cache-Tag", "all");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static List<Integer> gateways() {
    return List.of(stack.port(), second.port(), third.port());
  }

  private static int seen(int gateway, String path) {
    return Integer.parseInt(LocalStack.get(gateway, "shop.localhost", path).body());
  }

  private static void put(String path, String body) {
    curl("PUT", path, body, "-H", "If-Match: *");
  }

  private static JsonNode call(String method, String path, String body) {
    return curl(method, path, body);
  }

  private static JsonNode curl(String method, String path, String body, String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "--fail-with-body",
                "-X",
                method,
                "-H",
                "Authorization: Bearer " + token,
                "-H",
                "Content-Type: application/json"));
    words.addAll(List.of(more));
    if (!body.isEmpty()) {
      words.addAll(List.of("-d", body));
    }
    words.add(stack.api() + path);
    try {
      return JSON.readTree(Program.of(words.toArray(String[]::new)).run().ok().out());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode invalidate(int wait, String what) {
    String body = "{\"callerReference\":\"%s\",%s}".formatted(UUID.randomUUID(), what);
    return call("POST", SITE + "/invalidations?wait=" + wait, body);
  }

  private static void completed(JsonNode invalidation) {
    assertThat(invalidation.path("status").asText())
        .as(invalidation.toString())
        .isEqualTo("Completed");
    assertThat(invalidation.path("missing")).isEmpty();
  }

  @Test
  void nothingOldIsServedAfterCompletedHoweverFillsAndInvalidationsRace() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var least = new AtomicInteger(VERSION.get());
    var over = new AtomicBoolean();
    try (var viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Integer>>();
      try {
        for (int gateway : gateways()) {
          for (int i = 0; i < 2; i++) {
            answers.add(
                viewers.submit(
                    () -> {
                      int asked = 0;
                      while (!over.get()) {
                        int now = least.get();
                        assertThat(seen(gateway, "/api/raced"))
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(now);
                        asked++;
                      }
                      return asked;
                    }));
          }
        }
        for (int round = 0; round < 40; round++) {
          int next = VERSION.incrementAndGet();
          completed(
              switch (random.nextInt(4)) {
                case 0 -> invalidate(20, "\"paths\":[\"/api/raced\"]");
                case 1 -> invalidate(20, "\"paths\":[\"/api/ra*\"]");
                case 2 -> invalidate(20, "\"paths\":[\"/*\"]");
                default -> invalidate(20, "\"tags\":[\"all\"]");
              });
          least.set(next);
        }
      } finally {
        over.set(true);
      }
      for (var each : answers) {
        assertThat(each.get()).isPositive();
      }
    }
  }

  @Test
  void aGatewayThatIsCutOffServesNothingOldBeyondTheBoundAndIsWaitedForUntilItsLeaseEnds() {
    for (int gateway : gateways()) {
      assertThat(seen(gateway, "/api/cut")).isEqualTo(VERSION.get());
    }
    int old = VERSION.get();
    int next = VERSION.incrementAndGet();
    line.cut();
    long start = System.nanoTime();
    var made = invalidate(0, "\"paths\":[\"/api/cut\"]");
    assertThat(made.path("status").asText()).isEqualTo("InProgress");
    String path = SITE + "/invalidations/" + made.path("id").asText();
    await()
        .atMost(LEASE.minusSeconds(5))
        .pollInterval(Duration.ofMillis(300))
        .until(() -> call("GET", path, "").path("missing").size() == 1);
    assertThat(seen(stack.port(), "/api/cut")).isEqualTo(next);
    assertThat(seen(second.port(), "/api/cut")).isEqualTo(next);
    assertThat(seen(third.port(), "/api/cut")).as("its lease has not ended").isEqualTo(old);
    var missing = call("GET", path, "").path("missing");
    assertThat(missing).hasSize(1);
    var leaseUntil = Instant.parse(missing.get(0).path("leaseUntil").asText());

    isFreshFrom(start, LEASE.plus(DOUBT).plusSeconds(1), next);
    var shown = call("GET", path + "?wait=20", "");
    completed(shown);
    assertThat(Instant.parse(shown.path("completedAt").asText())).isAfterOrEqualTo(leaseUntil);

    // Cut off it learns of nothing, and goes on asking the origin.
    int later = VERSION.incrementAndGet();
    completed(invalidate(20, "\"tags\":[\"all\"]"));
    isFreshFrom(System.nanoTime(), DOUBT.plusSeconds(1), later);

    // Mended, it is waited for again.
    line.mend();
    await()
        .until(
            () -> {
              int before = VERSION.get();
              seen(third.port(), "/api/mended" + before);
              VERSION.incrementAndGet();
              // Served from the cache for longer than without a lease.
              return isKept(before);
            });
    int last = VERSION.incrementAndGet();
    completed(invalidate(20, "\"paths\":[\"/api/*\"]"));
    for (int gateway : gateways()) {
      assertThat(seen(gateway, "/api/cut")).isEqualTo(last);
    }
  }

  /** Whoever asks after the bound gets nothing old, however late this machine lets us ask. */
  private static void isFreshFrom(long start, Duration bound, int version) {
    await()
        .atMost(bound.plusSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              boolean within = System.nanoTime() - start <= bound.toNanos();
              boolean fresh = seen(third.port(), "/api/cut") == version;
              assertThat(fresh || within).as("old, and asked for after %s", bound).isTrue();
              return fresh;
            });
  }

  private static boolean isKept(int version) {
    long end = System.nanoTime() + DOUBT.multipliedBy(2).toNanos();
    while (System.nanoTime() < end) {
      if (seen(third.port(), "/api/mended" + version) != version) {
        return false;
      }
    }
    return true;
  }
}
