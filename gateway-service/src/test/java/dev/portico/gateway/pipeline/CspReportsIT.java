package dev.portico.gateway.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers' reports, from their requests to what content-service is handed. */
class CspReportsIT {
  private static final String REPORT =
      """
      {"csp-report":{"document-uri":"https://demo.localhost/%s?q=secret","disposition":"report",
      "effective-directive":"script-src-elem","blocked-uri":"inline"}}""";
  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("from the origin"));
    ContentFeedServer.Page home = ContentFeedServer.Page.html("/index.html", "home");
    // A deployment may hold such a file; nobody gets it.
    ContentFeedServer.Page shadow = ContentFeedServer.Page.html(CspReports.PATH, "shadowed");
    content.publish("demo", "aaaaaaaaaaaaaaaaaaaa", home, shadow);
    content.publish("limited", "bbbbbbbbbbbbbbbbbbbb", home);
    content.publish("patient", "cccccccccccccccccccc", home);
    content.publish("refused", "dddddddddddddddddddd", home);
    content.alias("demo", "next", "aaaaaaaaaaaaaaaaaaaa");
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "behaviours":[{"pattern":"/.portico/*","origin":"app","viewerProtocol":"https-only",
           "allowedMethods":["GET","HEAD","OPTIONS","PUT","POST","PATCH","DELETE"]}]}\
        """
            .formatted(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.csp-reports.interval",
            "50ms");
    await().until(gateway::ready);
    for (String host : List.of("demo", "next--demo", "limited", "patient", "refused")) {
      await().until(() -> ask("GET", host + ".localhost", "/", "").text().equals("home"));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  private static RawClient.Response ask(
      String method, String host, String path, String body, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(RawClient.head(method, host, path, all.toArray(new String[0])) + body)
          .read(!method.equals("HEAD"));
    }
  }

  private static RawClient.Response post(String site, String type, String body) throws IOException {
    return ask("POST", site + ".localhost", CspReports.PATH, body, "Content-Type: " + type);
  }

  private static RawClient.Response report(String site, String page) throws IOException {
    return post(site, "application/csp-report", REPORT.formatted(page));
  }

  /** What was handed over of a site: what was violated, and how often; once for each batch. */
  private static Map<String, Long> handedOver(String site) {
    Map<Object, Map<?, ?>> batches = new LinkedHashMap<>();
    for (String report : content.reports()) {
      try {
        Map<?, ?> batch = JSON.readValue(report, Argument.of(Map.class));
        batches.put(batch.get("gateway") + " " + batch.get("number"), batch);
      } catch (IOException e) {
        throw new IllegalStateException(report, e);
      }
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Map<?, ?> batch : batches.values()) {
      for (Object each : (List<?>) requireNonNull(batch.get("counts"))) {
        Map<?, ?> count = (Map<?, ?>) each;
        if (site.equals(count.get("site"))) {
          String what =
              "%s %s %s %s"
                  .formatted(
                      count.get("disposition"),
                      count.get("directive"),
                      count.get("blocked"),
                      count.get("path"));
          counts.merge(what, Long.parseLong(String.valueOf(count.get("count"))), Long::sum);
        }
      }
    }
    return counts;
  }

  private static double metric(String outcome) {
    return gateway
        .context()
        .getBean(MeterRegistry.class)
        .get("portico.csp.reports")
        .tag("outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void reportsAreCountedAndHandedOver() throws IOException {
    int asked = origin.requests().size();
    RawClient.Response answer = report("demo", "page");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(report("next--demo", "page").status()).isEqualTo(204);
    assertThat(report("aaaaaaaaaaaaaaaaaaaa--demo", "page").status()).isEqualTo(204);
    await()
        .untilAsserted(
            () ->
                assertThat(handedOver("demo"))
                    .containsEntry("report script-src-elem inline /page", 3L));
    assertThat(content.reports()).noneMatch(batch -> batch.contains("secret"));
    assertThat(origin.requests()).as("nothing goes to origins").hasSize(asked);
  }

  /** Reporting API, section 3.2: a list, of which only some are about policies. */
  @Test
  void aListOfReports() throws IOException {
    String list =
        """
        [{"type":"csp-violation","url":"http://demo.localhost/list","body":{"blockedURL":"eval",
          "effectiveDirective":"script-src","disposition":"enforce"}},
         {"type":"deprecation","url":"http://demo.localhost/list","body":{}}]""";
    double ignored = metric("ignored");
    assertThat(post("demo", "Application/Reports+JSON; charset=utf-8", list).status())
        .isEqualTo(204);
    await()
        .untilAsserted(
            () ->
                assertThat(handedOver("demo")).containsEntry("enforce script-src eval /list", 1L));
    assertThat(metric("ignored")).isEqualTo(ignored + 1);
  }

  /** Fetch, section 3.3.3: a list that goes to another origin is asked for first. */
  @Test
  void aPreflightIsAnswered() throws IOException {
    RawClient.Response answer =
        ask(
            "OPTIONS",
            "demo.localhost",
            CspReports.PATH,
            "",
            "Origin: https://other.example",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
    assertThat(answer.header("access-control-allow-methods")).isEqualTo("POST");
    assertThat(answer.header("access-control-allow-headers")).isEqualTo("Content-Type");
    assertThat(answer.header("access-control-max-age")).isEqualTo("86400");
    assertThat(answer.header("allow")).isEqualTo("POST, OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE"})
  void otherMethodsAreNotAllowed(String method) throws IOException {
    RawClient.Response answer = ask(method, "demo.localhost", CspReports.PATH, "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("POST, OPTIONS");
  }

  @Test
  void onlyThisPathIsReserved() throws IOException {
    assertThat(ask("POST", "limited.localhost", CspReports.PATH + "/", "").status()).isEqualTo(405);
    assertThat(ask("GET", "demo.localhost", "/%2Eportico/csp-reports", "").status())
        .as("the same path, written otherwise")
        .isEqualTo(405);
    assertThat(ask("POST", "nobody.localhost", CspReports.PATH, "").status()).isEqualTo(404);
    assertThat(ask("POST", "localhost", CspReports.PATH, "").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "application/csp-report,nonsense,400",
    "application/csp-report,{},400",
    "application/csp-report,'',400",
    "application/reports+json,{},400",
    "application/reports+json,[7],400",
    "application/reports+json,[],204",
    "application/json,{},415",
    "text/plain,x,415",
  })
  void garbageIsRefused(String type, String body, int status) throws IOException {
    double refused = metric("refused");
    assertThat(post("refused", type, body).status()).isEqualTo(status);
    assertThat(metric("refused")).isEqualTo(refused + (status == 204 ? 0 : 1));
    assertThat(handedOver("refused")).isEmpty();
  }

  @Test
  void aBodyHasABound() throws IOException {
    String padding = " ".repeat(CspReports.LARGEST);
    assertThat(post("demo", "application/csp-report", REPORT.formatted("whole") + padding).status())
        .isEqualTo(413);
    try (RawClient viewer = new RawClient(gateway.port())) {
      String head =
          RawClient.head(
              "POST",
              "demo.localhost",
              CspReports.PATH,
              "Content-Type: application/csp-report",
              "Transfer-Encoding: chunked");
      String size = Integer.toHexString(padding.length());
      RawClient.Response answer =
          viewer.send(head + size + "\r\n" + padding + "\r\n1\r\n \r\n").read();
      assertThat(answer.status()).as("its length unsaid").isEqualTo(413);
    }
    String report = REPORT.formatted("large");
    String largest = report + padding.substring(report.length());
    assertThat(post("demo", "application/csp-report", largest).status()).isEqualTo(204);
  }

  /** Too many to be read in a second are counted all the same, and browsers are not told. */
  @Test
  void aSiteIsReadSoOftenInASecond() throws IOException {
    int requests = 400;
    double limited = metric("limited");
    try (RawClient viewer = new RawClient(gateway.port())) {
      String one = REPORT.formatted("much");
      String head =
          RawClient.head(
              "POST",
              "limited.localhost",
              CspReports.PATH,
              "Content-Type: application/csp-report",
              "Content-Length: " + one.length());
      for (int i = 0; i < requests; i++) {
        assertThat(viewer.send(head + one).read().status()).isEqualTo(204);
      }
    }
    await()
        .untilAsserted(
            () ->
                assertThat(handedOver("limited").values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(requests));
    assertThat(metric("limited")).isGreaterThan(limited);
  }

  /** What waits keeps its number until it is known to have arrived. */
  @Test
  void contentServiceMayBeAway() throws IOException {
    // So that nothing of other tests waits any more.
    assertThat(report("patient", "zeroth").status()).isEqualTo(204);
    await().until(() -> handedOver("patient").toString().contains("/zeroth"));
    content.answerReports(503);
    try {
      int before = content.reports().size();
      assertThat(report("patient", "first").status()).isEqualTo(204);
      await().until(() -> content.reports().size() > before + 2);
      String waits = content.reports().get(before);
      assertThat(waits).contains("/first");
      assertThat(content.reports().subList(before, content.reports().size()))
          .allMatch(waits::equals);
      assertThat(report("patient", "second").status()).isEqualTo(204);
    } finally {
      content.answerReports(204);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(handedOver("patient"))
                    .containsEntry("report script-src-elem inline /first", 1L)
                    .containsEntry("report script-src-elem inline /second", 1L));
  }

  @Test
  void whatContentServiceWillNeverTakeIsLost() throws IOException {
    double lost = metric("lost");
    content.answerReports(400);
    try {
      assertThat(report("patient", "refused").status()).isEqualTo(204);
      await().until(() -> metric("lost") >= lost + 1);
    } finally {
      content.answerReports(204);
    }
    assertThat(report("patient", "third").status()).isEqualTo(204);
    await()
        .untilAsserted(
            () ->
                assertThat(handedOver("patient"))
                    .containsEntry("report script-src-elem inline /third", 1L));
  }

  /** A body that stops, one that is cut, and noise: the gateway goes on. */
  @Test
  void hostileBodies() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      byte[] noise = new byte[random.nextInt(2_000)];
      random.nextBytes(noise);
      String body = new String(noise, StandardCharsets.ISO_8859_1);
      try (RawClient viewer = new RawClient(gateway.port())) {
        String head =
            RawClient.head(
                "POST",
                "refused.localhost",
                CspReports.PATH,
                "Content-Type: application/csp-report",
                "Content-Length: " + (noise.length + i % 2));
        viewer.send(head + body);
        if (i % 2 == 0) {
          assertThat(viewer.read().status()).as("seed %d", seed).isIn(400, 204);
        }
      }
    }
    assertThat(report("demo", "after").status()).isEqualTo(204);
  }
}
