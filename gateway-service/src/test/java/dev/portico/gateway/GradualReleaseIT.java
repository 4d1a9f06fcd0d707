package dev.portico.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What viewers get while a deployment is released to a share of them. */
class GradualReleaseIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String NEXT = "bbbbbbbbbbbbbbbbbbbb";
  private static final String PAGE = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
  private static final Pattern COOKIE =
      Pattern.compile(
          "(portico-release="
              + NEXT
              + "\\.(\\d{1,2})); Path=/; Max-Age=2592000; HttpOnly;"
              + " SameSite=Lax");

  @TempDir Path folder;
  private ContentFeedServer content;
  private RunningGateway gateway;

  @BeforeEach
  void start() {
    content = new ContentFeedServer();
    content.seal(
        "app",
        NEXT,
        Page.html("/index.html", "next"),
        Page.of("/broken.txt", "text/plain", "broken"),
        Page.of("/assets/next-BfT3x9aQ.js", "text/javascript", "new chunk"));
    content.publish(
        "app",
        LIVE,
        Page.html("/index.html", "live"),
        Page.of("/assets/live-BfT3x9aQ.js", "text/javascript", "old chunk"));
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
    await().until(() -> get("/").text().equals("live"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    content.close();
  }

  private void release(int percent) {
    content.release("app", NEXT, percent);
    // A viewer who has drawn a number says which share the gateway knows of.
    await().until(() -> has(percent - 1) && (percent == 99 || !has(percent)));
  }

  private boolean has(int number) throws IOException {
    return get("/", "Cookie: a=b; " + cookie(number) + "; c=d").text().equals("next");
  }

  private static String cookie(int number) {
    return "portico-release=" + NEXT + "." + number;
  }

  private RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get("app.localhost", path, headers).read();
    }
  }

  @Test
  void aViewerDrawsOnceAndKeepsWhatTheyGot() throws IOException {
    release(50);
    int next = 0;
    for (int i = 0; i < 100; i++) {
      RawClient.Response first = get("/", PAGE);
      Matcher set = COOKIE.matcher(first.header("set-cookie"));
      assertThat(set.matches()).as(first.header("set-cookie")).isTrue();
      boolean has = Integer.parseInt(set.group(2)) < 50;
      assertThat(first.text()).isEqualTo(has ? "next" : "live");
      next += has ? 1 : 0;
      if (i < 3) {
        RawClient.Response again = get("/", PAGE, "Cookie: " + set.group(1));
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("set-cookie")).isEmpty();
        assertThat(again.header("etag")).isEqualTo(first.header("etag"));
      }
    }
    // Outside of this once in a billion runs.
    assertThat(next).isBetween(20, 80);
  }

  @Test
  void whoHasItKeepsItWhenTheShareGrows() throws IOException {
    release(10);
    assertThat(has(9)).isTrue();
    assertThat(has(10)).isFalse();
    release(11);
    assertThat(has(9)).isTrue();
    assertThat(has(10)).isTrue();
    content.release("app", null, 0);
    await().until(() -> !has(0));
    assertThat(get("/", PAGE).header("set-cookie")).isEmpty();
    assertThat(get("/").header("vary")).isEqualTo("Accept-Encoding");
  }

  @Test
  void cachesAreToldOfTheCookie() throws IOException {
    release(50);
    assertThat(get("/", PAGE).header("vary")).isEqualTo("Accept-Encoding|Cookie");
    assertThat(get("/assets/live-BfT3x9aQ.js", PAGE).header("set-cookie"))
        .as("kept by caches for all")
        .isEmpty();
    assertThat(get("/assets/live-BfT3x9aQ.js").header("vary"))
        .as("a file that never changes")
        .isEqualTo("Accept-Encoding");
  }

  /** The page for it is one deployment's, and there may be a rule for it in another. */
  @Test
  void cachesAreToldOfTheCookieWhereANameIsNobodys() throws IOException {
    release(50);
    for (String cookie : List.of("a=b", cookie(0))) {
      RawClient.Response missing = get("/assets/none-BfT3x9aQ.js", "Cookie: " + cookie);
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.header("vary")).contains("Cookie");
    }
  }

  /** A program that keeps no cookies would get now this, now that. */
  @Test
  void whatIsNoPageGetsTheLiveOneUntilItHasDrawn() throws IOException {
    release(99);
    for (int i = 0; i < 20; i++) {
      RawClient.Response response = get("/");
      assertThat(response.text()).isEqualTo("live");
      assertThat(response.header("set-cookie")).isEmpty();
    }
  }

  @Test
  void aCookieThatNobodyGaveCountsForNothing() throws IOException {
    release(50);
    for (String cookie :
        List.of(
            "portico-release=" + LIVE + ".1",
            "portico-release=" + NEXT + ".",
            "portico-release=" + NEXT + ".100",
            "portico-release=" + NEXT + ".-1",
            "portico-release=" + NEXT + ".1x",
            "portico-release=1",
            "xportico-release=" + NEXT + ".1")) {
      assertThat(get("/", "Cookie: " + cookie).text()).as(cookie).isEqualTo("live");
      assertThat(get("/", PAGE, "Cookie: " + cookie).header("set-cookie"))
          .as(cookie)
          .contains(NEXT);
    }
  }

  private long counted(String step, String counter) {
    return content.counters().get("release/app/" + step + "/" + counter) instanceof Long number
        ? number
        : -1;
  }

  private int status(String path, int number) throws IOException {
    return get(path, "Cookie: " + cookie(number)).status();
  }

  /** By which content-service judges whether it is to be rolled back. */
  @Test
  void whatViewersOfBothGetIsCounted() throws IOException {
    content.release("app", NEXT, 50, "before");
    await().until(() -> has(49) && !has(50));
    await().until(() -> counted("before", "requests") > 0);
    // Each step is counted anew.
    content.release("app", NEXT, 50, "step");
    await().until(() -> counted("before", "requests") < 0);
    content.damage("broken".getBytes(StandardCharsets.UTF_8), new byte[1]);
    for (int i = 0; i < 3; i++) {
      assertThat(status("/", 0)).isEqualTo(200);
      assertThat(status("/", 99)).isEqualTo(200);
      assertThat(status("/missing", 0)).as("anybody can ask for it").isEqualTo(404);
    }
    assertThat(status("/broken.txt", 49)).isBetween(500, 599);
    assertThat(status("/broken.txt", 50)).isEqualTo(404);
    for (int i = 0; i < 5; i++) {
      assertThat(get("/").status()).as("programs do not draw").isEqualTo(200);
    }
    await().until(() -> counted("step", "requests") >= 7 && counted("step", "live-requests") >= 4);
    assertThat(counted("step", "requests")).isEqualTo(7);
    assertThat(counted("step", "errors")).isEqualTo(1);
    assertThat(counted("step", "live-requests")).isEqualTo(4);
    assertThat(counted("step", "live-errors")).isZero();
    assertThat(content.counters()).containsEntry("sites", 1L);
    content.release("app", NEXT, 50);
    await().until(() -> content.counters().size() == 2);
  }

  /** The share may change between a page and its parts. */
  @Test
  void partsOfBothAreFoundByAll() throws IOException {
    release(50);
    int asked = content.requests(LIVE + "/manifest").size();
    for (int number : List.of(0, 99)) {
      for (String part : List.of("next", "live")) {
        RawClient.Response found =
            get("/assets/" + part + "-BfT3x9aQ.js", "Cookie: " + cookie(number));
        assertThat(found.status()).isEqualTo(200);
      }
    }
    assertThat(content.requests(LIVE + "/manifest")).as("it is held anyway").hasSize(asked);
  }

  @Test
  void whenItCannotBeHadAllGetTheLiveOne() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains("cccccccccccccccccccc"));
    content.seal("app", "cccccccccccccccccccc", Page.html("/index.html", "late"));
    content.release("app", "cccccccccccccccccccc", 99);
    String late = "Cookie: portico-release=cccccccccccccccccccc.0";
    await().until(() -> !get("/", PAGE).header("set-cookie").isEmpty());
    assertThat(get("/", late).text()).isEqualTo("live");
    gate.countDown();
    await().until(() -> get("/", late).text().equals("late"));
    content.deleteDeployment("app", "cccccccccccccccccccc");
    await().until(() -> get("/", late).text().equals("live"));
  }
}
