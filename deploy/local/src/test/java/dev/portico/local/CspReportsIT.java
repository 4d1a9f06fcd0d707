package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A browser's report, from the gateway's door to what a member is told. */
@Timeout(600)
class CspReportsIT {
  private static final String SITE = "/v1/sites/csp-reports";
  private static final String REPORT =
      """
      {"csp-report":{"document-uri":"http://csp-reports.localhost/old.html?q=secret",
      "effective-directive":"script-src-elem","disposition":"report","blocked-uri":"inline"}}""";

  @TempDir Path folder;

  /** Its start is no test's time. */
  @BeforeAll
  static void start() {
    LocalStack.shared();
  }

  @Test
  void aReportIsCountedForItsSite() throws Exception {
    LocalStack stack = LocalStack.shared();
    Files.writeString(folder.resolve("index.html"), "<h1>reports</h1>");
    try (Api api = new Api(URI.create("http://localhost:" + stack.port()))) {
      api.signIn(LocalStack.ADMIN, stack.password());
      api.expect("POST", "/v1/sites", Map.of("name", "csp-reports"), 201);
      DemoSite.publish(api, "csp-reports", folder);
      await().until(() -> stack.get("csp-reports.localhost", "/").statusCode() == 200);
      for (int i = 0; i < 3; i++) {
        assertThat(report(stack)).isEqualTo(204);
      }
      // Longer than the interval at which the gateway hands over what it has counted.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> reports(api).at("/items/0/count").asInt() == 3);
      JsonNode reports = reports(api);
      assertThat(reports.at("/items/0/directive").asText()).isEqualTo("script-src-elem");
      assertThat(reports.at("/items/0/blocked").asText()).isEqualTo("inline");
      assertThat(reports.at("/items/0/path").asText()).isEqualTo("/old.html");
      assertThat(reports.path("distinct").asInt()).isEqualTo(1);
      assertThat(reports.path("other").asInt()).isZero();
    }
  }

  /** What is computed is ready to be published, and comes to viewers as it was computed. */
  @Test
  void aComputedPolicyThatOnlyReportsReachesViewers() throws Exception {
    LocalStack stack = LocalStack.shared();
    String site = "csp-computed";
    Files.writeString(
        folder.resolve("index.html"),
        "<script>inline()</script><link rel=stylesheet href=https://fonts.example/a.css>");
    try (Api api = new Api(URI.create("http://localhost:" + stack.port()))) {
      api.signIn(LocalStack.ADMIN, stack.password());
      api.expect("POST", "/v1/sites", Map.of("name", site), 201);
      DemoSite.publish(api, site, folder);
      String deployment =
          api.expect("GET", "/v1/sites/" + site, null, 200).body().path("deployment").asText();
      String path = "/v1/sites/" + site + "/deployments/" + deployment;
      String computed =
          api.expect("GET", path + "/content-security-policy", null, 200)
              .body()
              .path("reportOnly")
              .asText();
      assertThat(computed)
          .contains("script-src 'self' 'sha256-", "https://fonts.example")
          .endsWith("; report-uri /.portico/csp-reports");
      Files.writeString(
          folder.resolve("_headers"),
          "/*\n  Content-Security-Policy-Report-Only: " + computed + "\n");
      DemoSite.publish(api, site, folder);
      await()
          .untilAsserted(
              () -> {
                var page = stack.get(site + ".localhost", "/");
                assertThat(page.headers().allValues("Content-Security-Policy-Report-Only"))
                    .containsExactly(computed);
                assertThat(page.headers().allValues("Content-Security-Policy")).isEmpty();
              });
    }
  }

  private static JsonNode reports(Api api) {
    return api.expect("GET", SITE + "/csp-reports?days=2", null, 200).body();
  }

  /** The site's name is in Host, which no resolver here need know. */
  private static int report(LocalStack stack) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + stack.port() + "/.portico/csp-reports"))
            .header("Host", "csp-reports.localhost:" + stack.port())
            .header("Content-Type", "application/csp-report")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(REPORT))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
