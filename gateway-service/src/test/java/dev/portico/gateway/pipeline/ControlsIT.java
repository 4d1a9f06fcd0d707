package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What admins have switched on, through the whole gateway, behind one proxy. */
class ControlsIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String SECOND = "bbbbbbbbbbbbbbbbbbbb";
  private static final String HOST = "demo.localhost";
  private static final String BAD = "198.51.100.7";
  private static final String GOOD = "198.51.101.7";
  private static final String NOTHING = "{\"version\":9}";

  private final AtomicInteger asked = new AtomicInteger();
  private ContentFeedServer content;
  private OriginServer origin;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    content = new ContentFeedServer();
    origin =
        new OriginServer(
            request -> {
              asked.incrementAndGet();
              request.send(
                  "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 3\r\n\r\napp");
            });
    content.publish(
        "demo",
        FIRST,
        Page.html("/index.html", "home"),
        Page.html("/back soon.html", "we are at it"),
        Page.html("/staff/page.html", "for staff"),
        Page.html("/staff/index.html", "for staff"));
    content.seal("demo", SECOND, Page.html("/index.html", "preview"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "accessPolicies":[{"id":"nobody","requiredAddresses":["10.0.0.0/8"]}],
         "behaviours":[
          {"pattern":"/app/*","origin":"app","allowedMethods":["GET","HEAD","POST"]},
          {"pattern":"/staff/*","accessPolicy":"nobody"},
          {"pattern":"/tls","viewerProtocol":"https-only"}]}\
        """
            .formatted(origin.port()));
    gateway = gateway();
    await().until(() -> get(HOST, "/", GOOD).text().equals("home"));
  }

  private RunningGateway gateway() {
    RunningGateway started = unready();
    await().until(started::ready);
    await().until(() -> started.context().getBean(InvalidationLease.class).held());
    return started;
  }

  private RunningGateway unready() {
    return new RunningGateway(
        "portico.origin.content-internal",
        content.address(),
        "portico.origin.content-secret",
        ContentFeedServer.SECRET,
        "portico.origin.allowed-inner",
        "127.0.0.0/8",
        "portico.listener.trusted-proxies",
        "1");
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private RawClient.Response get(String host, String path, String from, String... headers)
      throws IOException {
    return ask("GET", host, path, from, headers);
  }

  private RawClient.Response ask(
      String method, String host, String path, String from, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = "X-Forwarded-For: " + from;
    System.arraycopy(headers, 0, all, 1, headers.length);
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, host, path, all)).read(!method.equals("HEAD"));
    }
  }

  private void switchOn(String json) {
    content.controls("{\"version\":1," + json + "}");
  }

  private void block(String block) {
    switchOn("\"blockedAddresses\":[{\"block\":\"" + block + "\",\"until\":null}]");
  }

  private void untilStatus(int status, String path, String from) {
    await().until(() -> get(HOST, path, from).status() == status);
  }

  private double metric(String name, String... tags) {
    return gateway
        .context()
        .getBean(MeterRegistry.class)
        .get(name)
        .tags(tags)
        .meter()
        .measure()
        .iterator()
        .next()
        .getValue();
  }

  @Test
  void aBlockedAddressGetsNothingAnywhere() throws IOException {
    assertThat(get(HOST, "/app/a", BAD).status()).isEqualTo(200);
    int before = asked.get();
    block("198.51.100.0/24");
    untilStatus(403, "/", BAD);
    for (String host :
        new String[] {
          HOST, SECOND + "--" + HOST, "api.localhost", "auth.localhost", "none.localhost"
        }) {
      for (String path : new String[] {"/app/a", "/v1/sites", "/.portico/auth/me", "/tls"}) {
        RawClient.Response refused = get(host, path, BAD, "Accept: application/json");
        assertThat(refused.status()).as(host + path).isEqualTo(403);
        assertThat(refused.text()).contains("problems/blocked-address");
        assertThat(refused.header("cache-control")).isEqualTo("no-store");
        assertThat(refused.header("cache-status")).contains("blocked-address");
        assertThat(refused.header("x-content-type-options")).isEqualTo("nosniff");
      }
    }
    assertThat(ask("POST", HOST, "/app/a", BAD, "Content-Length: 0").status()).isEqualTo(403);
    assertThat(asked.get()).isEqualTo(before);
    assertThat(get(HOST, "/app/a", GOOD).text()).isEqualTo("app");
    assertThat(metric("portico.controls.blocked.addresses")).isEqualTo(1);
    assertThat(metric("portico.controls.refused", "by", "address")).isGreaterThan(20);
    content.controls(NOTHING);
    untilStatus(200, "/", BAD);
    assertThat(metric("portico.controls.version")).isEqualTo(9);
    assertThat(metric("portico.controls.age")).isBetween(0.0, 60.0);
  }

  /** Only what the proxy says counts: nobody gets out of it, or another into it. */
  @Test
  void anAddressThatIsClaimedCountsForNothing() throws IOException {
    block(BAD);
    untilStatus(403, "/", BAD);
    assertThat(get(HOST, "/", GOOD + ", " + BAD).status()).isEqualTo(403);
    assertThat(get(HOST, "/", BAD + ", " + GOOD).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/orders/1",
        "//app/orders/1",
        "/app/orders/1?x",
        "/x/..%2Fapp/orders/1",
        "//app/orders/1/..%2F..%2F..%2Fx"
      })
  void aBlockedPathIsNotAnswered(String path) throws IOException {
    int before = asked.get();
    switchOn(
        "\"blockedPaths\":[{\"site\":\"demo\",\"pattern\":\"/app/orders/*\",\"until\":null},"
            + "{\"site\":\"other\",\"pattern\":\"*\",\"until\":null}]");
    untilStatus(403, path, GOOD);
    RawClient.Response refused = get(HOST, path, GOOD, "Accept: application/json");
    assertThat(refused.text()).contains("problems/blocked-path");
    assertThat(get(SECOND + "--" + HOST, path, GOOD).status()).isEqualTo(403);
    assertThat(asked.get()).isEqualTo(before);
    assertThat(get(HOST, "/app/other", GOOD).status()).isEqualTo(200);
    assertThat(metric("portico.controls.blocked.paths")).isEqualTo(2);
    assertThat(metric("portico.controls.refused", "by", "path")).isGreaterThan(1);
  }

  private void maintain(String page, String until, String exempt) {
    switchOn(
        "\"maintenance\":[{\"site\":\"demo\",\"until\":%s,\"retryAfterSeconds\":600,\"page\":%s,\"exemptAddresses\":[%s]}]"
            .formatted(until, page, exempt));
  }

  @Test
  void aSiteInMaintenanceSaysWhenToComeBack() throws IOException {
    int before = asked.get();
    maintain("null", "null", "\"198.51.101.0/24\"");
    untilStatus(503, "/", BAD);
    RawClient.Response page = get(HOST, "/app/a", BAD, "Accept: text/html");
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("retry-after")).isEqualTo("600");
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(
            page.headers().stream()
                .filter(each -> each.toLowerCase(Locale.ROOT).startsWith("retry-after")))
        .hasSize(1);
    assertThat(get(HOST, "/app/a", BAD, "Accept: application/json").text())
        .contains("problems/maintenance");
    assertThat(ask("POST", HOST, "/app/a", BAD, "Content-Length: 0").status()).isEqualTo(503);
    assertThat(get(SECOND + "--" + HOST, "/", BAD).status()).isEqualTo(503);
    assertThat(get(HOST, "/.portico/auth/me", BAD).header("retry-after")).isNotEqualTo("600");
    assertThat(asked.get()).isEqualTo(before);
    assertThat(get(HOST, "/", GOOD).text()).isEqualTo("home");
    assertThat(get(HOST, "/app/a", GOOD).text()).isEqualTo("app");
    assertThat(metric("portico.controls.maintenance.sites")).isEqualTo(1);
    assertThat(metric("portico.controls.refused", "by", "maintenance")).isGreaterThan(3);
    content.controls(NOTHING);
    untilStatus(200, "/", BAD);
  }

  @ParameterizedTest
  @CsvSource({
    "/back%20soon.html,we are at it",
    // One that is not there, and one that not everybody may have.
    "/none.html,being worked on",
    "/staff/page.html,being worked on",
    // The path of one that nobody guards, and a file behind it that is guarded.
    "/staff,being worked on",
    "/staff/page,being worked on",
  })
  void itShowsAPageOfTheDeployment(String path, String text) throws IOException {
    maintain('"' + path + '"', "null", "");
    untilStatus(503, "/", BAD);
    for (String asks :
        new String[] {
          "/", "/app/a", "/none", "/staff/page.html", "/staff/index.html", "/staff/x"
        }) {
      RawClient.Response page = get(HOST, asks, BAD, "Accept: text/html");
      assertThat(page.status()).isEqualTo(503);
      assertThat(page.text()).as(asks).contains(text).doesNotContain("for staff");
      assertThat(page.header("cache-status")).contains("portico").contains("maintenance");
      assertThat(page.header("x-cache")).startsWith("Error");
      assertThat(page.header("retry-after")).isEqualTo("600");
    }
    RawClient.Response head = ask("HEAD", HOST, "/", BAD);
    assertThat(head.status()).isEqualTo(503);
    assertThat(head.header("retry-after")).isEqualTo("600");
  }

  @Test
  void itEndsByItselfThoughContentServiceIsAway() {
    Instant end = Instant.now().plusSeconds(8);
    maintain("null", "\"" + end + "\"", "");
    untilStatus(503, "/", BAD);
    content.away(true);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              RawClient.Response answer = get(HOST, "/", BAD);
              if (answer.status() == 503) {
                assertThat(answer.header("retry-after"))
                    .isIn("1", "2", "3", "4", "5", "6", "7", "8");
              }
              return answer.status() == 200;
            });
    assertThat(Instant.now()).isAfter(end);
  }

  @Test
  void whatHeldGoesOnHoldingWithoutContentService() throws IOException {
    block(BAD);
    untilStatus(403, "/", BAD);
    content.failControls(500);
    content.controls(NOTHING);
    await().until(() -> content.requests("/internal/controls").size() > 4);
    assertThat(get(HOST, "/", BAD).status()).isEqualTo(403);
    content.failControls(0);
    untilStatus(200, "/", BAD);
  }

  /** It could let in who is blocked. */
  @Test
  void aGatewayThatHasNeverReadThemAnswersNobody() throws IOException {
    gateway.close();
    content.failControls(500);
    gateway = unready();
    for (String host : new String[] {HOST, "api.localhost", "auth.localhost"}) {
      RawClient.Response refused = get(host, "/v1/sites", GOOD, "Accept: application/json");
      assertThat(refused.status()).as(host).isEqualTo(503);
      assertThat(refused.text()).contains("problems/unavailable");
      assertThat(refused.header("retry-after")).isEqualTo("2");
    }
    block(BAD);
    content.failControls(0);
    await().until(gateway::ready);
    assertThat(get("auth.localhost", "/", BAD).status()).isEqualTo(403);
    assertThat(get(HOST, "/", GOOD).status()).isEqualTo(200);
  }

  @Test
  void aGatewayThatStartsKnowsThemBeforeItIsReady() throws IOException {
    block(BAD);
    untilStatus(403, "/", BAD);
    gateway.close();
    gateway = gateway();
    assertThat(get(HOST, "/", BAD).status()).isEqualTo(403);
    await().until(() -> number(content.counters().get("controls")) == 1);
  }

  private static int number(@Nullable Object value) {
    return value instanceof Number number ? number.intValue() : -1;
  }

  @Test
  void everythingThatIsStoredIsForgotten() throws IOException {
    assertThat(get(HOST, "/app/a", GOOD).status()).isEqualTo(200);
    int before = asked.get();
    assertThat(get(HOST, "/app/a", GOOD).status()).isEqualTo(200);
    assertThat(asked.get()).isEqualTo(before);
    long number = content.invalidateAll();
    await().until(() -> content.confirmed() >= number);
    assertThat(get(HOST, "/app/a", GOOD).status()).isEqualTo(200);
    assertThat(asked.get()).isEqualTo(before + 1);
  }
}
