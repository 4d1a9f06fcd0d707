package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import dev.portico.gateway.observe.ReadinessCondition;
import dev.portico.gateway.routing.BlobDigest;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway that starts fetches before it is ready, from a content-service over sockets. */
class WarmUpIT {
  private static final byte[] PAGE = "a page".repeat(100).getBytes(StandardCharsets.UTF_8);
  private static final byte[] CODED = "coded".getBytes(StandardCharsets.UTF_8);
  private static final String UNKNOWN = "0123456789abcdef".repeat(4);

  private final ContentFeedServer content = new ContentFeedServer();
  private @Nullable RunningGateway gateway;

  @BeforeEach
  void publish() {
    content.publish("docs", "aaaaaaaaaaaaaaaaaaaa", Page.of("/index.html", "text/html", PAGE));
    content.variant(PAGE, "br", CODED);
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    content.close();
  }

  private RunningGateway start(String size, String wait) {
    RunningGateway started =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.warm-up.size",
            size,
            "portico.warm-up.timeout",
            wait,
            "portico.warm-up.interval",
            "100ms");
    gateway = started;
    return started;
  }

  private RunningGateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  private boolean ready() {
    return gateway().context().getBeansOfType(ReadinessCondition.class).stream()
        .allMatch(ReadinessCondition::ready);
  }

  private boolean holds(byte[] plain, ContentCoding coding) {
    BlobDigest digest = BlobDigest.parse(ContentFeedServer.sha256(plain));
    return gateway().context().getBean(BlobCache.class).hasInMemory(digest, coding);
  }

  private double metric(String name, String... tags) {
    MeterRegistry registry = gateway().context().getBean(MeterRegistry.class);
    return registry.get(name).tags(tags).meter().measure().iterator().next().getValue();
  }

  private static String blob(String digest, String coding, long size) {
    return "{\"sha256\":\"%s\",\"coding\":\"%s\",\"size\":%d}".formatted(digest, coding, size);
  }

  private static String blob(byte[] plain) {
    return blob(ContentFeedServer.sha256(plain), "identity", plain.length);
  }

  private void hot(String... blobs) {
    content.hotBlobs(200, "{\"blobs\":[" + String.join(",", blobs) + "]}");
  }

  @Test
  void whatIsHotIsFetchedBeforeTheGatewayIsReady() {
    CountDownLatch gate = new CountDownLatch(1);
    content.gateBlobs(gate);
    hot(
        blob(ContentFeedServer.sha256(PAGE), "br", CODED.length),
        blob(UNKNOWN, "identity", 3),
        blob(PAGE));
    start("1MB", "1m");
    await().until(gateway()::ready);
    await().until(() -> content.requests("/internal/blobs/").size() == 3);
    assertThat(ready()).as("while the blobs are on their way").isFalse();
    gate.countDown();
    await().until(this::ready);
    assertThat(holds(PAGE, ContentCoding.BR)).isTrue();
    assertThat(holds(PAGE, ContentCoding.IDENTITY)).isTrue();
    assertThat(metric("portico.warm.up.blobs", "outcome", "fetched")).isEqualTo(2);
    assertThat(metric("portico.warm.up.blobs", "outcome", "failed")).isEqualTo(1);
    assertThat(metric("portico.warm.up.blobs", "outcome", "passed-over")).isZero();
    assertThat(metric("portico.warm.up.bytes")).isEqualTo(PAGE.length + CODED.length);
    assertThat(metric("portico.warm.up.duration")).isBetween(0.001, 60.0);
  }

  @Test
  void blobsThatDoNotComeKeepNobodyWaitingForLong() {
    CountDownLatch gate = new CountDownLatch(1);
    content.gateBlobs(gate);
    hot(blob(PAGE));
    start("1MB", "2s");
    await().until(this::ready);
    assertThat(holds(PAGE, ContentCoding.IDENTITY)).isFalse();
    assertThat(metric("portico.warm.up.duration")).isGreaterThanOrEqualTo(2.0);
    assertThat(metric("portico.warm.up.blobs", "outcome", "fetched")).isZero();
    gate.countDown();
    await().until(() -> holds(PAGE, ContentCoding.IDENTITY));
  }

  @Test
  void noMoreIsFetchedThanAsked() {
    byte[] first = new byte[700_000];
    byte[] second = new byte[700_000];
    new Random(1).nextBytes(first);
    new Random(2).nextBytes(second);
    content.publish(
        "large",
        "bbbbbbbbbbbbbbbbbbbb",
        Page.of("/1.bin", "application/octet-stream", first),
        Page.of("/2.bin", "application/octet-stream", second));
    hot(blob(first), blob(second), blob(PAGE));
    start("1MB", "1m");
    await().until(this::ready);
    assertThat(holds(first, ContentCoding.IDENTITY)).isTrue();
    assertThat(holds(PAGE, ContentCoding.IDENTITY)).as("still fits").isTrue();
    assertThat(content.requests(ContentFeedServer.sha256(second))).isEmpty();
    assertThat(metric("portico.warm.up.blobs", "outcome", "passed-over")).isEqualTo(1);
  }

  /** 404: a release that does not know. */
  @ParameterizedTest
  @ValueSource(ints = {404, 500, 200})
  void aContentServiceThatDoesNotTellKeepsNobodyFromBeingReady(int status) {
    content.hotBlobs(status, status == 200 ? "no JSON" : "");
    start("1MB", "1m");
    await().until(this::ready);
  }

  @Test
  void aContentServiceThatComesLateIsWaitedForLikeItsSites() {
    hot(blob(PAGE));
    content.away(true);
    start("1MB", "1m");
    await().until(() -> !content.requests("/internal/hot-blobs").isEmpty());
    assertThat(ready()).isFalse();
    content.away(false);
    await().until(this::ready);
    assertThat(holds(PAGE, ContentCoding.IDENTITY)).isTrue();
  }

  @Test
  void withoutASizeNothingIsAskedAndNothingTold() throws IOException {
    hot(blob(PAGE));
    start("0", "1m");
    await().until(this::ready);
    view();
    assertThat(content.requests("/internal/hot-blobs")).isEmpty();
    assertThat(content.hotReports()).isEmpty();
  }

  @Test
  void whatViewersAskForIsTold() throws IOException {
    start("1MB", "1m");
    await().until(this::ready);
    view();
    await().until(() -> !content.hotReports().isEmpty());
    assertThat(content.hotReports().getFirst())
        .isEqualTo(
            "{\"gateway\":\"%s\",\"blobs\":[%s]}"
                .formatted(
                    gateway().context().getBean(ChangeFeedFollower.class).gateway(), blob(PAGE)));
  }

  private void view() throws IOException {
    try (RawClient client = new RawClient(gateway().port())) {
      assertThat(client.get("docs.localhost", "/").read().status()).isEqualTo(200);
    }
  }
}
