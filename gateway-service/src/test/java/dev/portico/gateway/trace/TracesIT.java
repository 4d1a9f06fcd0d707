package dev.portico.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.CollectorServer;
import dev.portico.gateway.fixture.CollectorServer.Span;
import dev.portico.gateway.fixture.CookieBrowser;
import dev.portico.gateway.fixture.DemoGateway;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a collector is told of requests, and what it is not told. */
class TracesIT {
  private static final String API = "api.localhost:8080";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final String NOBODY = "http://127.0.0.1:1";

  private static CollectorServer collector;
  private static OriginServer service;
  private static AuthInternalServer auth;
  private static DemoGateway demo;

  @BeforeAll
  static void start() throws IOException {
    collector = new CollectorServer();
    service = new OriginServer(request -> request.ok("answer"));
    auth = new AuthInternalServer();
    demo =
        new DemoGateway(
            files ->
                files
                    .file("/index.html", "text/html; charset=utf-8", "home")
                    .file("/one.txt", "text/plain; charset=utf-8", "one")
                    .file("/two.txt", "text/plain; charset=utf-8", "two"),
            "otel.exporter.otlp.endpoint",
            collector.url(),
            "otel.bsp.schedule.delay",
            "20",
            "portico.origin.content-api",
            service.url(),
            auth.settings()[0],
            auth.settings()[1],
            auth.settings()[2],
            auth.settings()[3]);
  }

  @AfterAll
  static void stop() throws IOException {
    demo.close();
    service.close();
    auth.close();
    collector.close();
  }

  private static RawClient.Response get(String host, String path, String... headers)
      throws IOException {
    try (RawClient client = demo.client()) {
      return client.get(host, path, headers).read();
    }
  }

  /** The span of the request whose response this is. */
  private static Span of(RawClient.Response response) {
    String id = response.header("x-request-id");
    assertThat(id).isNotEmpty();
    return await()
        .until(
            () ->
                collector.spans().stream()
                    .filter(span -> span.get("portico.request_id").equals(id))
                    .findFirst()
                    .orElse(null),
            span -> span != null);
  }

  private static List<Span> below(Span parent) {
    return collector.trace(parent.trace()).stream()
        .filter(span -> span.parent().equals(parent.id()))
        .toList();
  }

  private static String told() {
    return service.requests().getLast().header("traceparent");
  }

  @Test
  void aRequestToAServiceIsTheParentOfItsQuestion() throws IOException {
    service.behave(request -> request.ok("answer"));
    RawClient.Response response = get(API, "/v1/sites?limit=1");
    Span request = of(response);
    assertThat(request.service()).isEqualTo("gateway-service");
    assertThat(request.kind()).isEqualTo("SERVER");
    assertThat(request.parent()).isEmpty();
    assertThat(request.failed()).isFalse();
    assertThat(request.nanos()).isPositive();
    assertThat(request.attributes())
        .containsEntry("http.request.method", "GET")
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.path", "/v1/sites")
        .containsEntry("url.scheme", "http")
        .containsEntry("server.address", "api.localhost")
        .containsEntry("server.port", "8080")
        .containsEntry("portico.outcome", "proxy");
    assertThat(below(request)).hasSize(1);
    Span question = below(request).getFirst();
    assertThat(question.kind()).isEqualTo("CLIENT");
    assertThat(question.name()).isEqualTo("GET");
    assertThat(question.attributes())
        .containsEntry("http.response.status_code", "200")
        .containsEntry("url.path", "/v1/sites")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("server.port", Integer.toString(service.port()));
    assertThat(told()).isEqualTo("00-" + request.trace() + "-" + question.id() + "-01");
  }

  @Test
  void aViewersTraceGoesOn() throws IOException {
    service.behave(request -> request.ok("answer"));
    RawClient.Response response =
        get(API, "/v1/sites", "traceparent: 00-" + TRACE + "-" + PARENT + "-01", "tracestate: a=1");
    Span request = of(response);
    assertThat(request.trace()).isEqualTo(TRACE);
    assertThat(request.parent()).isEqualTo(PARENT);
    assertThat(told()).isEqualTo("00-" + TRACE + "-" + below(request).getFirst().id() + "-01");
    assertThat(service.requests().getLast().header("tracestate")).isEqualTo("a=1");
  }

  @Test
  void whatAViewerDoesNotSampleIsNotTold() throws IOException {
    service.behave(request -> request.ok("answer"));
    String trace = "1" + TRACE.substring(1);
    get(API, "/v1/sites", "traceparent: 00-" + trace + "-" + PARENT + "-00");
    assertThat(told())
        .as("its own span all the same, for those who keep more")
        .matches("00-" + trace + "-[0-9a-f]{16}-00")
        .doesNotContain(PARENT);
    of(get(API, "/v1/sites"));
    assertThat(collector.trace(trace)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-2AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void whatIsNoTraceContextIsIgnored(String sent) throws IOException {
    service.behave(request -> request.ok("answer"));
    Span request = of(get(API, "/v1/sites", "traceparent: " + sent, "tracestate: a=1"));
    assertThat(request.parent()).isEmpty();
    assertThat(sent).doesNotContainIgnoringCase(request.trace());
    assertThat(service.requests().getLast().headers()).doesNotContainKey("tracestate");
  }

  @Test
  void aFileThatMustBeFetchedIsToldAndAHitIsNot() throws IOException {
    RawClient.Response miss = get(DemoGateway.HOST, "/one.txt");
    Span request = of(miss);
    assertThat(request.attributes())
        .containsEntry("portico.site", "demo")
        .containsEntry("portico.outcome", "miss");
    assertThat(request.name()).isEqualTo("GET " + request.get("http.route"));
    assertThat(below(request))
        .singleElement()
        .satisfies(fetch -> assertThat(fetch.get("url.path")).startsWith("/internal/blobs/"));
    RawClient.Response hit =
        get(
            DemoGateway.HOST,
            "/one.txt",
            "traceparent: 00-3" + TRACE.substring(1) + "-" + PARENT + "-01");
    assertThat(hit.text()).isEqualTo("one");
    of(get(DemoGateway.HOST, "/two.txt"));
    assertThat(collector.spans())
        .as("not even one that the viewer samples")
        .noneMatch(span -> span.get("portico.request_id").equals(hit.header("x-request-id")));
  }

  @Test
  void eachTryIsToldOfItsOwn() throws IOException {
    service.behave(request -> request.ok("answer"));
    AtomicInteger asked = new AtomicInteger();
    try (RawClient client = demo.client()) {
      client.get(API, "/v1/again").read();
      service.behave(
          request -> {
            if (asked.incrementAndGet() == 1) {
              request.socket().close();
            } else {
              request.ok("again");
            }
          });
      Span request = of(client.get(API, "/v1/again").read());
      assertThat(below(request)).hasSize(2);
      Span first =
          below(request).stream()
              .filter(span -> span.get("http.request.resend_count").isEmpty())
              .findFirst()
              .orElseThrow();
      assertThat(first.failed()).isTrue();
      assertThat(first.get("error.type")).isEqualTo("origin-closed");
      Span second =
          below(request).stream()
              .filter(span -> span.get("http.request.resend_count").equals("1"))
              .findFirst()
              .orElseThrow();
      assertThat(second.failed()).isFalse();
      assertThat(request.failed()).isFalse();
    }
  }

  @Test
  void failuresSayWhy() throws IOException {
    service.behave(request -> request.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
    Span busy = of(get(API, "/v1/sites"));
    assertThat(busy.failed()).isTrue();
    assertThat(busy.get("error.type")).isEqualTo("503");
    assertThat(below(busy)).extracting(span -> span.get("error.type")).contains("503");
    service.behave(request -> request.send("nonsense\r\n\r\n"));
    Span broken = of(get(API, "/v1/sites"));
    assertThat(broken.failed()).isTrue();
    assertThat(broken.get("error.type")).isEqualTo("origin-protocol");
    assertThat(below(broken))
        .extracting(span -> span.get("error.type"))
        .contains("origin-protocol");
    service.behave(request -> request.ok("answer"));
  }

  @Test
  void anAnswerThatIsCutShortIsAFailureWhateverItsStatus() throws IOException {
    service.behave(
        request -> {
          request.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
          request.socket().close();
        });
    try (RawClient client = demo.client()) {
      Span cut = of(client.get(API, "/v1/sites").read(false));
      assertThat(cut.get("http.response.status_code")).isEqualTo("200");
      assertThat(cut.get("error.type")).isEqualTo("origin-closed");
      assertThat(cut.failed()).isTrue();
      assertThat(below(cut)).singleElement().matches(Span::failed);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 6", "100, 7"})
  void aViewerWhoLeavesEarlyIsNoFailure(int announced, String digit) throws IOException {
    service.behave(
        request -> {
          if (announced > 0) {
            request.send("HTTP/1.1 200 OK\r\nContent-Length: " + announced + "\r\n\r\nsome");
          }
          request.hang();
        });
    String trace = digit + TRACE.substring(1);
    try (RawClient client = demo.client()) {
      client.get(API, "/v1/sites", "traceparent: 00-" + trace + "-" + PARENT + "-01");
      if (announced > 0) {
        client.read(false);
      } else {
        await()
            .until(
                () ->
                    service.requests().stream()
                        .anyMatch(each -> each.header("traceparent").contains(trace)));
      }
    }
    await().until(() -> collector.trace(trace).size() == 2);
    assertThat(collector.trace(trace)).noneMatch(Span::failed);
  }

  @Test
  void theQuestionWhoseASessionIsIsPartOfTheTrace() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    CookieBrowser browser =
        new CookieBrowser(demo.gateway().port(), "demo.localhost:" + demo.gateway().port());
    browser.cookies().put(PorticoCookies.SESSION, session);
    RawClient.Response first = browser.fetch("GET", "/.portico/auth/me");
    assertThat(first.status()).isEqualTo(200);
    assertThat(below(of(first)))
        .singleElement()
        .satisfies(
            question -> {
              assertThat(question.name()).isEqualTo("POST");
              assertThat(question.get("url.path")).isEqualTo("/internal/sessions/query");
              assertThat(question.get("http.response.status_code")).isEqualTo("200");
            });
    RawClient.Response second = browser.fetch("GET", "/.portico/auth/me");
    of(get(API, "/v1/sites"));
    assertThat(collector.spans())
        .as("the session is known by now")
        .noneMatch(span -> span.get("portico.request_id").equals(second.header("x-request-id")));
  }

  @Test
  void secretsAreNeverTold() throws IOException {
    service.behave(request -> request.ok("answer"));
    of(
        get(
            API,
            "/v1/sites?Signature=s3cret-query&token=s3cret-token",
            "Authorization: Bearer s3cret-bearer",
            "Cookie: session=s3cret-cookie",
            "Referer: http://elsewhere.example/?s3cret-referer",
            "User-Agent: s3cret-agent",
            "X-Anything: s3cret-field"));
    String session = auth.session("demo", auth.signIn("robert.of.the.cookie"));
    CookieBrowser browser =
        new CookieBrowser(demo.gateway().port(), "demo.localhost:" + demo.gateway().port());
    browser.cookies().put(PorticoCookies.SESSION, session);
    of(browser.fetch("GET", "/.portico/auth/me"));
    assertThat(collector.text())
        .doesNotContain("s3cret")
        .doesNotContain(session, "robert.of.the.cookie");
    assertThat(collector.spans())
        .as("nor where viewers are")
        .noneMatch(
            span ->
                span.attributes().keySet().stream()
                    .anyMatch(
                        name ->
                            name.startsWith("client.")
                                || name.startsWith("network.peer.")
                                || name.equals("url.query")
                                || name.equals("url.full")));
  }

  @Test
  void methodsThatViewersMakeUpAreOne() throws IOException {
    service.behave(request -> request.ok("answer"));
    try (RawClient client = demo.client()) {
      Span request = of(client.send(RawClient.head("BREW", API, "/v1/sites")).read());
      assertThat(request.get("http.request.method")).isEqualTo("_OTHER");
      assertThat(request.name()).isEqualTo("_OTHER");
    }
  }

  private static double count(RunningGateway gateway, String result) {
    FunctionCounter counter =
        gateway
            .context()
            .getBean(MeterRegistry.class)
            .find("portico.traces.spans")
            .tag("result", result)
            .functionCounter();
    return counter == null ? -1 : counter.count();
  }

  @Test
  void spansAreCounted() throws IOException {
    double before = count(demo.gateway(), "exported");
    service.behave(request -> request.ok("answer"));
    of(get(API, "/v1/sites"));
    await().until(() -> count(demo.gateway(), "exported") >= before + 2);
    assertThat(count(demo.gateway(), "dropped")).isZero();
    assertThat(count(demo.gateway(), "refused")).isZero();
  }

  @Test
  void withoutACollectorRequestsAreAnsweredAndSpansAreDropped() throws IOException {
    service.behave(request -> request.ok("answer"));
    try (RunningGateway gateway =
            new RunningGateway(
                "otel.exporter.otlp.endpoint", NOBODY,
                "otel.bsp.schedule.delay", "20",
                "otel.bsp.max.queue.size", "8",
                "otel.bsp.max.export.batch.size", "4",
                "portico.origin.content-api", service.url());
        RawClient client = new RawClient(gateway.port())) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.get(API, "/v1/sites").read().status()).isEqualTo(200);
      }
      await().until(() -> count(gateway, "dropped") > 0);
      assertThat(count(gateway, "exported")).isZero();
      assertThat(client.get(API, "/v1/sites").read().status()).isEqualTo(200);
    }
  }

  @Test
  void theLastSpansAreSentBeforeTheEnd() throws IOException {
    service.behave(request -> request.ok("answer"));
    RunningGateway gateway =
        new RunningGateway(
            "otel.exporter.otlp.endpoint", collector.url(),
            "otel.bsp.schedule.delay", "600000",
            "portico.origin.content-api", service.url());
    RawClient.Response response;
    try (RawClient client = new RawClient(gateway.port())) {
      response = client.get(API, "/v1/sites").read();
    } finally {
      gateway.close();
    }
    assertThat(collector.spans())
        .anyMatch(span -> span.get("portico.request_id").equals(response.header("x-request-id")));
  }

  @Test
  void theStandardVariablesSetTheSampler() throws IOException {
    service.behave(request -> request.ok("answer"));
    try (RunningGateway gateway =
            new RunningGateway(
                "otel.exporter.otlp.endpoint", collector.url(),
                "otel.traces.sampler", "always_off",
                "portico.origin.content-api", service.url());
        RawClient client = new RawClient(gateway.port())) {
      client.get(API, "/v1/sites", "traceparent: 00-" + TRACE + "-" + PARENT + "-01").read();
      assertThat(told()).as("whatever the viewer wants").endsWith("-00").doesNotContain(TRACE);
    }
  }

  private static RunningGateway keeping(String ratio) {
    return new RunningGateway(
        "otel.exporter.otlp.endpoint",
        collector.url(),
        "otel.bsp.schedule.delay",
        "20",
        "otel.traces.sampler",
        "traceidratio",
        "otel.traces.sampler.arg",
        ratio,
        "portico.origin.content-api",
        service.url());
  }

  @Test
  void aViewerHasNothingKeptByChoosingAnIdWhereTheSamplerAsksNobody() throws IOException {
    service.behave(request -> request.ok("answer"));
    String chosen = "4".repeat(16) + "0".repeat(15) + "1"; // Every ratio above none keeps it.
    try (RunningGateway gateway = keeping("0.000001");
        RawClient client = new RawClient(gateway.port())) {
      for (int i = 0; i < 5; i++) {
        client
            .get(
                API,
                "/v1/sites",
                "traceparent: 00-" + chosen + "-" + PARENT + "-01",
                "tracestate: a=1")
            .read();
        assertThat(told()).endsWith("-00").doesNotContain(chosen, PARENT);
        assertThat(service.requests().getLast().headers()).doesNotContainKey("tracestate");
      }
    }
    assertThat(collector.trace(chosen)).isEmpty();
  }

  @Test
  void aViewerNeitherHidesNorPilesUpWhereTheSamplerAsksNobody() throws IOException {
    service.behave(request -> request.ok("answer"));
    String sent = "traceparent: 00-5" + TRACE.substring(1) + "-" + PARENT + "-00";
    try (RunningGateway gateway = keeping("1");
        RawClient client = new RawClient(gateway.port())) {
      Span first = of(client.get(API, "/v1/sites", sent).read());
      assertThat(told())
          .as("those behind keep what the gateway keeps")
          .isEqualTo("00-" + first.trace() + "-" + below(first).getFirst().id() + "-01");
      Span second = of(client.get(API, "/v1/sites", sent).read());
      assertThat(first.parent() + second.parent()).isEmpty();
      assertThat(first.trace()).isNotEqualTo(second.trace());
      assertThat(sent).doesNotContain(first.trace(), second.trace());
    }
  }

  @Test
  void offIsTheDefaultAndPassesTheContextOnAsItIs() throws IOException {
    service.behave(request -> request.ok("answer"));
    String sent = "00-" + TRACE + "-" + PARENT + "-01";
    try (RunningGateway gateway = new RunningGateway("portico.origin.content-api", service.url());
        RawClient client = new RawClient(gateway.port())) {
      client.get(API, "/v1/sites", "traceparent: " + sent).read();
      assertThat(told()).isEqualTo(sent);
      assertThat(gateway.context().getBean(Traces.class)).isSameAs(Traces.OFF);
      assertThat(count(gateway, "exported")).isEqualTo(-1);
    }
  }
}
