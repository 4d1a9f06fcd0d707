package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The policy of what was published, over real sockets. */
class ContentSecurityPolicyIT {
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

  private String address(String id) {
    return "/v1/sites/" + site + "/deployments/" + id + "/content-security-policy";
  }

  @Test
  void looksAtPagesAndStyleSheets() {
    String page = "<script>alert('Hello, world.');</script><p onclick=x()>";
    TestSite files =
        TestSite.of(
            "/index.html",
            page,
            "/same.html",
            page,
            "/a.css",
            "@font-face { src: url(https://fonts.example/a.woff2) }",
            "/program.js",
            "fetch('https://seen-by-nobody.example/')",
            "/large.html",
            "<script>large()</script>" + " ".repeat((int) PolicyComputation.LARGEST));
    Answer published = publisher.publishByDigests(site, files, "");
    assertThat(published.status()).as(published.text()).isEqualTo(200);
    Answer answer = publisher.get(address(published.json().path("id").asText()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode policy = answer.json();
    assertThat(policy.path("policy").asText())
        .isEqualTo(
            "default-src 'self'; script-src 'self'"
                + " 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; font-src 'self'"
                + " https://fonts.example; object-src 'none'; form-action 'self'; base-uri 'self';"
                + " frame-ancestors 'self'");
    assertThat(policy.path("reportOnly").asText())
        .isEqualTo(policy.path("policy").asText() + "; report-uri /.portico/csp-reports");
    assertThat(policy.path("fits").asBoolean()).isTrue();
    assertThat(policy.path("complete").asBoolean()).as("one file is too large").isFalse();
    assertThat(policy.path("pages").asInt()).isEqualTo(1);
    assertThat(policy.path("styleSheets").asInt()).isEqualTo(1);
    assertThat(policy.path("sources"))
        .anySatisfy(
            source -> {
              assertThat(source.path("directive").asText()).isEqualTo("font-src");
              assertThat(source.path("path").asText()).isEqualTo("/a.css");
              assertThat(source.path("files").asInt()).isEqualTo(1);
            });
    assertThat(policy.path("findings").toString())
        .contains("EVENT_HANDLER", "/index.html", "LEFT_OUT", "/large.html");
  }

  @Test
  void isForMembersAndWhatIsSealed() {
    TestSite files = TestSite.of("/index.html", "one " + site);
    Answer begun = publisher.begin(site, files);
    String id = begun.json().path("id").asText();
    assertThat(publisher.get(address(id)).status()).as("not sealed").isEqualTo(409);
    assertThat(publisher.get(address("none")).status()).isEqualTo(404);
    assertThat(new Publisher(server, server.person("publishers")).get(address(id)).status())
        .as("no member")
        .isEqualTo(404);
  }
}
