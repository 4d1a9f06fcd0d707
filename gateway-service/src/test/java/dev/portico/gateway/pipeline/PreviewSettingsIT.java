package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Previews whose deployment brings settings, beside a site with its own, through the gateway. */
class PreviewSettingsIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final String PREVIEW = SECOND + "--demo.localhost";
  private static final String ALIAS = "next--demo.localhost";
  private static final String LIVE = "demo.localhost";
  private static final AtomicInteger PATHS = new AtomicInteger();

  private OriginServer production;
  private OriginServer staging;
  private ContentFeedServer content;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    production = new OriginServer(request -> request.ok("production"));
    staging = new OriginServer(request -> request.ok("staging"));
    content = new ContentFeedServer();
    content.settings("demo", EdgeGatewayIT.settings(production.port()));
    content.publish("demo", FIRST, Page.html("/index.html", "one"));
    content.seal(
        "demo",
        SECOND,
        Page.html("/index.html", "two"),
        Page.of("/portico.yml", "text/yaml", "context: {}"));
    content.alias("demo", "next", SECOND);
    content.previewSettings("demo", SECOND, "preview", EdgeGatewayIT.settings(staging.port()));
    content.previewSettings("demo", SECOND, "alias:next", "{\"files\":{\"notFound\":\"spa\"}}");
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.manifests.failure-memory",
            "50ms",
            "portico.manifests.demand-wait",
            "2s");
    await().until(gateway::ready);
    await().until(() -> get(LIVE, "/").text().equals("one"));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    content.close();
    production.close();
    staging.close();
  }

  private RawClient.Response get(String host, String path) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(host, path).read();
    }
  }

  /** Who answers at a host now: at a path of its own, so that it is not the cache. */
  private String origin(String host) throws IOException {
    RawClient.Response answer = get(host, "/api/" + PATHS.incrementAndGet());
    return answer.status() == 200 ? answer.text() : Integer.toString(answer.status());
  }

  @Test
  void eachHostHasItsOwn() throws IOException {
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    assertThat(get(PREVIEW, "/api/x").header("x-robots-tag")).isEqualTo("noindex");
    assertThat(origin(LIVE)).isEqualTo("production");
    assertThat(get(PREVIEW, "/").text()).isEqualTo("two");
    assertThat(get(PREVIEW, "/deep").status()).isEqualTo(404);
    assertThat(get(ALIAS, "/deep").text()).isEqualTo("two");
    assertThat(get(ALIAS, "/api/deep").text()).as("no origin there").isEqualTo("two");
    for (String host : new String[] {LIVE, PREVIEW, ALIAS}) {
      assertThat(get(host, "/portico.yml").status()).as(host).isIn(404);
    }
    assertThat(content.requests(SECOND + "/settings?context=preview")).hasSize(1);
  }

  @Test
  void aPreviewWithoutAFileHasTheSitesUnlessThoseAreOfAFile() throws IOException {
    String preview = FIRST + "--demo.localhost";
    assertThat(origin(preview)).isEqualTo("production");
    assertThat(content.requests(FIRST + "/settings")).isEmpty();
    content.previewSettings("demo", FIRST, "preview", EdgeGatewayIT.settings(staging.port()));
    content.settingsFile("demo", SECOND);
    await().until(() -> origin(preview).equals("staging"));
    assertThat(origin(LIVE)).isEqualTo("production");
  }

  @Test
  void aChangeOfTheSiteIsAskedFor() throws IOException {
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    content.previewSettings("demo", SECOND, "preview", EdgeGatewayIT.settings(production.port()));
    await().until(() -> origin(PREVIEW).equals("production"));
    content.previewSettings("demo", SECOND, "preview", "");
    await().until(() -> origin(PREVIEW).equals("503"));
    assertThat(get(PREVIEW, "/").status()).isEqualTo(503);
    assertThat(get(LIVE, "/").status()).isEqualTo(200);
    content.previewSettings("demo", SECOND, "preview", EdgeGatewayIT.settings(staging.port()));
    await().until(() -> origin(PREVIEW).equals("staging"));
  }

  @Test
  void whatCannotBeAskedForStaysAsItWas() throws IOException {
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    content.failPreviewSettings(true);
    content.previewSettings("demo", SECOND, "preview", EdgeGatewayIT.settings(production.port()));
    int asked = content.requests(SECOND + "/settings?context=preview").size();
    await()
        .until(
            () -> {
              assertThat(origin(PREVIEW)).isEqualTo("staging");
              return content.requests(SECOND + "/settings?context=preview").size() > asked;
            });
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    assertThat(origin(ALIAS)).as("what was never read").isEqualTo("503");
    content.failPreviewSettings(false);
    await().until(() -> origin(PREVIEW).equals("production"));
  }

  /** Asks until content-service is asked for settings again, and is answered the same meanwhile. */
  private void askedAgain(String answer) {
    int asked = content.requests(SECOND + "/settings?context=preview").size();
    await()
        .until(
            () -> {
              assertThat(origin(PREVIEW)).isEqualTo(answer);
              return content.requests(SECOND + "/settings?context=preview").size() > asked;
            });
  }

  @Test
  void whatWasReadLastHoldsWhileContentServiceHangs() throws IOException {
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    CountDownLatch gate = new CountDownLatch(1);
    content.gatePreviewSettings(gate);
    content.previewSettings("demo", SECOND, "preview", EdgeGatewayIT.settings(production.port()));
    askedAgain("staging");
    gate.countDown();
    await().until(() -> origin(PREVIEW).equals("production"));
  }

  @Test
  void whatWasReadLastHoldsWhenAllIsReadAnew() throws IOException {
    assertThat(origin(PREVIEW)).isEqualTo("staging");
    content.failPreviewSettings(true);
    content.trimFeed();
    askedAgain("staging");
    assertThat(origin(PREVIEW)).isEqualTo("staging");
  }

  @Test
  void thatThereAreNoneIsAskedAgain() throws IOException {
    content.alias("demo", "late", SECOND);
    String late = "late--demo.localhost";
    await().until(() -> origin(late).equals("production"));
    // Without a change of the site, as by a release that has just learnt of them.
    content.laterPreviewSettings(
        "demo", SECOND, "alias:late", EdgeGatewayIT.settings(staging.port()));
    await().until(() -> origin(late).equals("staging"));
  }

  @Test
  void whatIsCachedIsOfTheServerThatAnswersNow() throws IOException {
    production.behave(request -> cacheable(request, "production"));
    staging.behave(request -> cacheable(request, "staging"));
    String path = "/app/cached";
    assertThat(get(LIVE, path).text()).isEqualTo("production");
    content.settings("demo", EdgeGatewayIT.settings(staging.port()));
    await().until(() -> get(LIVE, path).text().equals("staging"));
    assertThat(get(LIVE, path).header("x-cache")).startsWith("Hit");
    content.settings("demo", EdgeGatewayIT.settings(production.port()));
    await().until(() -> get(LIVE, path).text().equals("production"));
    content.invalidate("demo", List.of("/app/*"), List.of());
    await().until(() -> get(LIVE, path).header("x-cache").startsWith("Miss"));
  }

  private static void cacheable(OriginServer.Request request, String text) throws IOException {
    request.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: ");
    request.send(text.length() + "\r\n\r\n" + text);
  }

  @Test
  void aFaultySiteKeepsNoOtherFromBeingServed() throws IOException {
    String faulty = "{\"defaultBehaviour\":{\"origin\":\"gone\"}}";
    content.settings("faulty", faulty);
    content.settings("demo", faulty);
    content.publish("other", FIRST, Page.html("/index.html", "other"));
    int read = content.requests("/internal/snapshots").size();
    content.trimFeed();
    await().until(() -> content.requests("/internal/snapshots").size() > read);
    await().until(() -> get("other.localhost", "/").text().equals("other"));
    assertThat(origin(LIVE)).as("what is held").isEqualTo("production");
    try (RunningGateway fresh =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET)) {
      await().until(fresh::ready);
      try (RawClient viewer = new RawClient(fresh.port())) {
        assertThat(viewer.get("other.localhost", "/").read().text()).isEqualTo("other");
      }
    }
    content.settings("faulty", "{}");
  }
}
