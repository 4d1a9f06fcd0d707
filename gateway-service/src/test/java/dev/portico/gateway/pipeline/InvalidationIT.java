package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalidations that come with the change feed, through the whole gateway. */
class InvalidationIT {
  private final ContentFeedServer content = new ContentFeedServer();
  private final AtomicInteger version = new AtomicInteger(1);
  private OriginServer origin;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    origin =
        new OriginServer(
            request -> {
              String body = Integer.toString(version.get());
              request.send(
                  "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nCache-Tag: all\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body);
            });
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.settings("demo", EdgeGatewayIT.settings(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> lease().held());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private InvalidationLease lease() {
    return gateway.context().getBean(InvalidationLease.class);
  }

  private String get(String path) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head("GET", "demo.localhost", path)).read().text();
    }
  }

  private void invalidated(List<String> paths, List<String> tags) {
    long number = content.invalidate("demo", paths, tags);
    await().pollInterval(Duration.ofMillis(1)).until(() -> content.confirmed() >= number);
  }

  @Test
  void whatIsConfirmedIsForgotten() throws IOException {
    assertThat(get("/app/a")).isEqualTo("1");
    assertThat(get("/app/b")).isEqualTo("1");
    version.set(2);
    assertThat(get("/app/a")).isEqualTo("1");
    invalidated(List.of("/app/a"), List.of());
    assertThat(get("/app/a")).isEqualTo("2");
    assertThat(get("/app/b")).isEqualTo("1");
    version.set(3);
    invalidated(List.of(), List.of("other"));
    assertThat(get("/app/a")).isEqualTo("2");
    invalidated(List.of(), List.of("all"));
    assertThat(get("/app/a")).isEqualTo("3");
    assertThat(get("/app/b")).isEqualTo("3");
    version.set(4);
    invalidated(List.of("/app/*"), List.of());
    assertThat(get("/app/a")).isEqualTo("4");
  }

  /** Viewers ask all the time while the origin's answer changes and is invalidated. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void nothingOldIsServedAfterItIsConfirmedHoweverFillsAndInvalidationsRace(long seed)
      throws Exception {
    Random random = new Random(seed);
    AtomicInteger confirmed = new AtomicInteger(1);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService viewers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(
            viewers.submit(
                () -> {
                  int asked = 0;
                  while (!over.get()) {
                    int least = confirmed.get();
                    int got = Integer.parseInt(get("/app/raced"));
                    assertThat(got).as("seed %d", seed).isGreaterThanOrEqualTo(least);
                    asked++;
                  }
                  return asked;
                }));
      }
      for (int round = 2; round < 60; round++) {
        version.set(round);
        switch (random.nextInt(3)) {
          case 0 -> invalidated(List.of("/app/raced"), List.of());
          case 1 -> invalidated(List.of("/app/*"), List.of());
          default -> invalidated(List.of(), List.of("all"));
        }
        confirmed.set(round);
        int rest = random.nextInt(3);
        for (int i = 0; i < rest; i++) {
          get("/app/raced");
        }
      }
      over.set(true);
      for (Future<Integer> each : answers) {
        assertThat(each.get()).isPositive();
      }
    }
  }

  @Test
  void withoutContentServiceOriginsAreAskedAgainWhenTheLeaseIsOver() throws IOException {
    content.lease(Duration.ofSeconds(2));
    // The next answer brings the shorter lease.
    invalidated(List.of("/none"), List.of());
    assertThat(get("/app/a")).isEqualTo("1");
    assertThat(get("/app/b")).isEqualTo("1");
    assertThat(get("/")).isEqualTo("home");
    version.set(2);
    content.away(true);
    await().atMost(Duration.ofSeconds(10)).until(() -> get("/app/a").equals("2"));
    assertThat(lease().held()).isFalse();
    assertThat(get("/app/b")).isEqualTo("2");
    assertThat(get("/")).as("deployment files are served").isEqualTo("home");
    version.set(3);
    await().atMost(Duration.ofSeconds(10)).until(() -> get("/app/a").equals("3"));
    // The next answer brings a longer one.
    content.lease(Duration.ofMinutes(1));
    content.away(false);
    await().atMost(Duration.ofSeconds(20)).until(() -> lease().held());
    version.set(4);
    assertThat(get("/app/a")).isEqualTo("3");
    invalidated(List.of("/app/a"), List.of());
    assertThat(get("/app/a")).isEqualTo("4");
  }

  /** What was invalidated up to the position that all sites were read at, nobody will tell. */
  @Test
  void afterReadingAllAnewOriginsAreAskedAgain() throws IOException {
    assertThat(get("/app/a")).isEqualTo("1");
    version.set(2);
    long before = content.confirmed();
    content.trimFeed();
    // It asks from the new position when it has read everything.
    await().atMost(Duration.ofSeconds(15)).until(() -> content.confirmed() > before);
    await().until(() -> lease().held());
    assertThat(get("/app/a")).isEqualTo("2");
    version.set(3);
    assertThat(get("/app/a")).isEqualTo("2");
  }
}
