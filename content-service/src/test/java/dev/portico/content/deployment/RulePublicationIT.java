package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing deployments with {@code _redirects} and {@code _headers}, in both ways. */
class RulePublicationIT {
  private static ContentServer server;
  private static Publisher publisher;
  private String site;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
    publisher = new Publisher(server, server.person("publishers"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void createSite() {
    site = publisher.newSite();
  }

  private static final String REDIRECTS = "# moved\n/old/* /new/:splat 302\n";
  private static final String HEADERS = "/*\n  X-Frame-Options: DENY\n";

  private TestSite files() {
    return TestSite.of(
        "/index.html", "rules " + site, "/_redirects", REDIRECTS, "/_headers", HEADERS);
  }

  private JsonNode rules(String id) {
    URI uri = server.at("internal", "/internal/sites/" + site + "/deployments/" + id + "/manifest");
    Answer manifest = ContentServer.send("GET", uri, ContentServer.SECRET, null);
    assertThat(manifest.status()).isEqualTo(200);
    return manifest.json().path("rules");
  }

  private void assertRules(String id) {
    JsonNode redirect = rules(id).path("redirects").path(0);
    assertThat(redirect.path("line").asInt()).isEqualTo(2);
    assertThat(redirect.path("path").asText()).isEqualTo("/old/*");
    assertThat(redirect.path("to").asText()).isEqualTo("/new/:splat");
    assertThat(redirect.path("status").asInt()).isEqualTo(302);
    JsonNode header = rules(id).path("headers").path(0).path("fields").path(0);
    assertThat(header.path("name").asText()).isEqualTo("X-Frame-Options");
    assertThat(header.path("value").asText()).isEqualTo("DENY");
  }

  @Test
  void rulesTravelInTheManifestHoweverTheyArePublished() {
    TestSite files = files();
    Answer sealed = publisher.publishByDigests(site, files, "?activate=true");
    assertThat(sealed.status()).as(sealed.text()).isEqualTo(200);
    String id = sealed.json().path("id").asText();
    assertRules(id);

    String first = site;
    site = publisher.newSite();
    Answer archived = publisher.publishArchive(site, files.tar(), "");
    assertThat(archived.status()).as(archived.text()).isEqualTo(201);
    assertThat(archived.json().path("id").asText()).as("the same files as %s", first).isEqualTo(id);
    assertRules(id);
  }

  @Test
  void aDeploymentWithoutRulesSaysNothingOfThem() {
    Answer sealed =
        publisher.publishByDigests(site, TestSite.of("/index.html", "plain " + site), "");
    assertThat(rules(sealed.json().path("id").asText()).isMissingNode()).isTrue();
  }

  @Test
  void faultsFailTheSealWithTheirLinesAndChangeNothing() {
    TestSite faulty =
        files()
            .with("/_redirects", "/a /b\n/c\n/d /e 999\n")
            .with("/_headers", "/*\n  Content-Length: 3\n");
    Answer refused = publisher.publishByDigests(site, faulty, "?activate=true");
    assertFaults(refused);
    assertThat(publisher.get("/v1/sites/" + site).json().path("deployment").isNull()).isTrue();
    assertFaults(publisher.publishArchive(site, faulty.tar(), ""));

    Answer right = publisher.publishByDigests(site, files(), "?activate=true");
    assertThat(right.status()).as(right.text()).isEqualTo(200);
  }

  private static void assertFaults(Answer refused) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.problem()).isEqualTo("invalid-rules");
    JsonNode errors = refused.json().path("errors");
    assertThat(errors).hasSize(3);
    assertThat(errors.get(0).path("field").asText()).isEqualTo("_redirects:2");
    assertThat(errors.get(0).path("reason").asText()).contains("a destination is missing");
    assertThat(errors.get(1).path("field").asText()).isEqualTo("_redirects:3");
    assertThat(errors.get(2).path("field").asText()).isEqualTo("_headers:2");
  }

  @ParameterizedTest
  @CsvSource({"_headers,262144", "_redirects,2097152"})
  void aFileThatIsTooLongIsNotRead(String file, int most) {
    String comments = "#\n".repeat(most / 2);
    Answer read = publisher.publishByDigests(site, files().with('/' + file, comments), "");
    assertThat(read.status()).as(read.text()).isEqualTo(200);
    Answer refused = publisher.publishByDigests(site, files().with('/' + file, comments + '#'), "");
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    JsonNode fault = refused.json().path("errors").path(0);
    assertThat(fault.path("field").asText()).isEqualTo(file + ":1");
    assertThat(fault.path("reason").asText())
        .isEqualTo("the file has more than " + most + " bytes");
  }
}
