package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.CollectorServer;
import dev.portico.local.fixture.CollectorServer.Span;
import dev.portico.local.fixture.LocalStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One trace through the three services, as a collector is told of it. */
@Timeout(600)
class TracesIT {
  @TempDir static Path folder;
  private static CollectorServer collector;
  private static LocalStack stack;

  @BeforeAll
  static void start() throws IOException {
    collector = new CollectorServer();
    stack =
        LocalStack.start(
                folder.resolve("data"),
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    collector.url(),
                    "OTEL_BSP_SCHEDULE_DELAY",
                    "100",
                    // An identity pool that does not answer.
                    "PORTICO_COGNITO_IDENTITY_POOL_ID",
                    "us-east-1:8f1c9f3e-0a55-4c6b-9a0c-5d3b1f7e2a11",
                    "PORTICO_COGNITO_IDENTITY_ENDPOINT",
                    "http://127.0.0.1:1"),
                "--no-https")
            .awaitReady();
  }

  @AfterAll
  static void stop() {
    stack.close();
    collector.close();
  }

  private static Span first(Predicate<Span> wanted) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> collector.spans().stream().filter(wanted).findFirst().orElse(null),
            span -> span != null);
  }

  /** The spans that lead to this one, the outermost first. */
  private static List<Span> path(Span last) {
    if (last.parent().isEmpty()) {
      return List.of(last);
    }
    List<Span> before =
        path(first(span -> span.trace().equals(last.trace()) && span.id().equals(last.parent())));
    return Stream.concat(before.stream(), Stream.of(last)).toList();
  }

  private static void isThroughTheGatewayTo(String service, Span last) {
    List<Span> path = path(last);
    assertThat(path)
        .extracting(span -> span.service() + " " + span.kind())
        .containsExactly("gateway-service SERVER", "gateway-service CLIENT", service + " SERVER");
    assertThat(path.getFirst().get("portico.request_id"))
        .isNotEmpty()
        .isEqualTo(last.get("portico.request_id"));
    assertThat(path).noneMatch(Span::failed);
    assertThat(path.getFirst().nanos()).isGreaterThanOrEqualTo(path.get(1).nanos());
  }

  private static void askContent(String traceparent) throws IOException, InterruptedException {
    URI snapshots = stack.contentInternal().resolve("/internal/snapshots");
    ask(asking(snapshots, traceparent, stack.internalSecret()), 200);
  }

  private static HttpRequest.Builder asking(URI uri, String traceparent, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("traceparent", traceparent)
            .timeout(Duration.ofSeconds(30));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private static void ask(HttpRequest.Builder request, int status)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request.build(), BodyHandlers.discarding()).statusCode())
          .isEqualTo(status);
    }
  }

  /** A sampled trace, by one digit. */
  private static String trace(int digit) {
    return Integer.toString(digit).repeat(32);
  }

  private static String sampled(int digit) {
    return "00-" + trace(digit) + "-00f067aa0ba902b7-01";
  }

  private static void isToldOnce(int digit, String service, String status, boolean failed) {
    assertThat(collector.trace(trace(digit)))
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.service()).isEqualTo(service);
              assertThat(span.get("http.response.status_code")).isEqualTo(status);
              assertThat(span.get("error.type")).isEqualTo(failed ? status : "");
              assertThat(span.failed()).isEqualTo(failed);
            });
  }

  @Test
  void whatServicesFailAtIsToldOnceAndWhatCallersDoWrongIsNoFailure() throws Exception {
    URI sites = stack.contentApi().resolve("/v1/sites");
    URI explain = stack.contentApi().resolve("/v1/sites/demo/explain?url=/");
    URI me = stack.authApi().resolve("/v1/auth/me");
    URI credentials = stack.authApi().resolve("/v1/auth/credentials");
    String token;
    String idToken;
    try (Api api = new Api(stack.api())) {
      Api.Answer signedIn =
          api.expect(
              "POST",
              "/v1/auth/sign-in",
              Map.of("username", LocalStack.ADMIN, "password", stack.password()),
              200);
      token = signedIn.text("accessToken");
      idToken = signedIn.text("idToken");
    }
    ask(asking(sites, sampled(1), ""), 401);
    ask(asking(explain, sampled(2), token), 501);
    ask(asking(me, sampled(3), ""), 401);
    ask(
        asking(credentials, sampled(4), token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"idToken\":\"" + idToken + "\"}")),
        503);
    ask(asking(sites, sampled(5), token), 200);
    ask(asking(me, sampled(6), token), 200);
    // Whatever came before these in a service was sent before them.
    first(span -> span.trace().equals(trace(5)));
    first(span -> span.trace().equals(trace(6)));
    isToldOnce(1, "content-service", "401", false);
    isToldOnce(2, "content-service", "501", true);
    isToldOnce(3, "auth-service", "401", false);
    isToldOnce(4, "auth-service", "503", true);
    isToldOnce(5, "content-service", "200", false);
    isToldOnce(6, "auth-service", "200", false);
  }

  @Test
  void aServiceJoinsTracesThatAreKeptAndBeginsNone() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    askContent("00-" + trace + "-00f067aa0ba902b6-00");
    askContent("00-" + trace + "-0000000000000000-01");
    askContent("00-" + trace.toUpperCase(Locale.ROOT) + "-00f067aa0ba902b6-01");
    askContent("00-" + trace + "-00f067aa0ba902b7-01");
    Span span = first(each -> each.trace().equals(trace));
    assertThat(span.parent()).isEqualTo("00f067aa0ba902b7");
    assertThat(span.name()).isEqualTo("GET /internal/snapshots");
    assertThat(span.get("http.response.status_code")).isEqualTo("200");
    assertThat(collector.spans())
        .filteredOn(each -> each.get("url.path").equals("/internal/snapshots"))
        .as("of these, and of what gateways ask on their own account")
        .containsExactly(span);
  }

  @Test
  void aPublicationASignInAndAPageAreOneTraceEach() throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve("site")).resolve("index.html"), "<h1>traced</h1>");
    try (Api api = new Api(URI.create("http://localhost:" + stack.port()))) {
      api.signIn(LocalStack.ADMIN, stack.password());
      api.expect("POST", "/v1/sites", Map.of("name", "traced"), 201);
      DemoSite.publish(api, "traced", folder.resolve("site"));
    }
    isThroughTheGatewayTo(
        "auth-service",
        first(
            span ->
                span.service().equals("auth-service")
                    && span.name().equals("POST /v1/auth/sign-in")));
    Span publication =
        first(
            span ->
                span.service().equals("content-service")
                    && span.name().equals("POST /v1/sites/{site}/deployments")
                    // The demo site's comes before.
                    && span.get("url.path").equals("/v1/sites/traced/deployments"));
    isThroughTheGatewayTo("content-service", publication);

    await().until(() -> stack.get("traced.localhost", "/").statusCode() == 200);
    Span blob =
        first(
            span ->
                span.service().equals("content-service")
                    && span.get("http.route").startsWith("/internal/blobs/")
                    && path(span).getFirst().get("portico.site").equals("traced"));
    isThroughTheGatewayTo("content-service", blob);

    String token = stack.adminToken();
    first(span -> span.service().equals("auth-service") && !span.trace().equals(blob.trace()));
    assertThat(collector.text()).doesNotContain(stack.password(), token, stack.internalSecret());
    assertThat(collector.spans())
        .as("what gateways ask on their own account is in no trace")
        .noneMatch(span -> span.get("url.path").equals("/internal/changes"));
  }
}
