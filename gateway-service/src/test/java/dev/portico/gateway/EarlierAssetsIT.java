package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page that is open in a browser finds after another deployment was activated. */
class EarlierAssetsIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final String CHUNK = "/assets/settings-BfT3x9aQ.js";

  @TempDir Path folder;
  private ContentFeedServer content;
  private @Nullable RunningGateway gateway;

  @BeforeEach
  void publish() {
    content = new ContentFeedServer();
    content.seal(
        "app",
        FIRST,
        Page.html("/index.html", "first"),
        Page.html("/old.html", "old"),
        Page.of(CHUNK, "text/javascript; charset=utf-8", "old chunk"));
    content.seal("app", SECOND, Page.html("/index.html", "second"), Page.html("/404.html", "no"));
  }

  @AfterEach
  void stop() {
    gateway().close();
    content.close();
  }

  private void start() {
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.listener.https-port",
            "-1",
            "portico.manifests.demand-wait",
            "1s",
            "portico.tls.local-ca-directory",
            folder.toString());
    await().until(gateway()::ready);
  }

  private RunningGateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  private void replaced(Instant until) {
    content.earlier("app", FIRST, until);
    content.activate("app", SECOND);
  }

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  private RawClient.Response get(String path, String... headers) throws IOException {
    return at("app.localhost", path, headers);
  }

  private RawClient.Response at(String host, String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway().port())) {
      return viewer.get(host, path, headers).read();
    }
  }

  private void awaitHome(String text) {
    await().until(() -> get("/").text().equals(text));
  }

  @Test
  void assetsOfTheDeploymentBeforeAreFound() throws IOException {
    content.activate("app", FIRST);
    start();
    awaitHome("first");
    replaced(tomorrow());
    awaitHome("second");
    // The files are held: nobody waits for them, though the gateway may ask whether they are there.
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains(FIRST));
    RawClient.Response chunk = get(CHUNK);
    assertThat(chunk.status()).isEqualTo(200);
    assertThat(chunk.text()).isEqualTo("old chunk");
    assertThat(chunk.header("cache-control")).contains("immutable");
    assertThat(get(CHUNK, "If-None-Match: " + chunk.header("etag")).status()).isEqualTo(304);
    gate.countDown();
  }

  /** A page that was taken down is gone at once, and so is whatever has no hash in its name. */
  @Test
  void nothingElseIsFound() throws IOException {
    content.activate("app", FIRST);
    start();
    awaitHome("first");
    replaced(tomorrow());
    awaitHome("second");
    RawClient.Response gone = get("/old.html");
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.text()).isEqualTo("no");
    assertThat(get("/assets/unknown-BfT3x9aR.js").status()).isEqualTo(404);
    assertThat(at(SECOND + "--app.localhost", CHUNK).status()).as("a preview").isEqualTo(404);
  }

  @Test
  void aGatewayThatHasNeverHeldThemReadsThemOnce() throws IOException {
    replaced(tomorrow());
    start();
    awaitHome("second");
    assertThat(content.requests(FIRST + "/manifest")).isEmpty();
    assertThat(get(CHUNK).text()).isEqualTo("old chunk");
    assertThat(get(CHUNK).status()).isEqualTo(200);
    assertThat(content.requests(FIRST + "/manifest")).hasSize(1);
  }

  @Test
  void afterTheirTimeTheyAreNotFound() throws IOException {
    replaced(Instant.now().minusSeconds(1));
    start();
    awaitHome("second");
    assertThat(get(CHUNK).status()).isEqualTo(404);
    assertThat(content.requests(FIRST + "/manifest")).isEmpty();
  }

  @Test
  void ofADeletedDeploymentTheyAreNotFound() throws IOException {
    replaced(tomorrow());
    content.deleteDeployment("app", FIRST);
    start();
    awaitHome("second");
    assertThat(get(CHUNK).status()).isEqualTo(404);
  }

  @Test
  void nobodyWaitsForThemWithoutEnd() throws IOException {
    replaced(tomorrow());
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains(FIRST));
    start();
    awaitHome("second");
    assertThat(get(CHUNK).status()).isEqualTo(404);
    gate.countDown();
    await().until(() -> get(CHUNK).status() == 200);
  }
}
