package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same files and rules by Portico's conventions and by those of Cloudflare Pages: the matrix of
 * docs/serving.md.
 */
class CloudflareDefaultsIT {
  private static final String PAGES =
      """
      {"immutableAssets":false,
      "files":{"pretty":true,"notFound":"page-or-spa","conventions":"cloudflare-pages"},
      "responseHeadersPolicies":[{"id":"one","cors":{"allowOrigins":["https://app.example.com"],
        "allowMethods":["GET"],"originOverride":true}}],
      "behaviours":[{"pattern":"/shared/*","responseHeadersPolicy":"one"}]}\
      """;

  private static ContentFeedServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    content = new ContentFeedServer();
    content.rules(
        """
        {"redirects":[
          {"line":1,"path":"/moved","to":"/about","status":301,"impliedStatus":true},
          {"line":2,"path":"/said","to":"/about","status":301},
          {"line":3,"path":"/taken","to":"/about","status":301,"impliedStatus":true},
          {"line":4,"path":"/app/*","to":"/about","status":200}],
         "headers":[{"line":1,"path":"/closed/*",
           "fields":[{"name":"Access-Control-Allow-Origin","value":null}]}]}\
        """);
    Page[] files = {
      Page.html("/index.html", "home"),
      Page.html("/about.html", "about"),
      Page.html("/taken", "taken"),
      Page.html("/app/page.html", "page"),
      Page.html("/folder/index.html", "folder"),
      Page.html("/both.html", "both as a page"),
      Page.html("/both/index.html", "both as a folder"),
      Page.html("/docs/404.html", "no such page of the docs"),
      Page.html("/docs/index.html", "docs"),
      Page.html("/closed/a.html", "closed"),
      Page.html("/shared/a.html", "shared"),
      Page.of("/assets/main.3f2a91bc.js", "text/javascript", "let a")
    };
    content.publish("own", "aaaaaaaaaaaaaaaaaaaa", files);
    content.publish("pages", "bbbbbbbbbbbbbbbbbbbb", files);
    content.settings("pages", PAGES);
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET);
    await().until(gateway::ready);
    await().untilAsserted(() -> assertThat(said("pages", "/folder")).isEqualTo("308 /folder/"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    content.close();
  }

  private static RawClient.Response ask(String site, String path, String... headers) {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head("GET", site + ".localhost", path, headers)).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The status, and where it leads or what it shows. */
  private static String said(String site, String path) {
    RawClient.Response response = ask(site, path);
    return response.status()
        + " "
        + (response.status() / 100 == 3 ? response.header("location") : response.text());
  }

  @ParameterizedTest
  @CsvSource({
    // path, Portico's, Cloudflare Pages'
    "/about.html?a=1, 200 about, 308 /about?a=1",
    "/about/, 404, 308 /about",
    "/about, 404, 200 about",
    "/folder, 301 /folder/, 308 /folder/",
    "/folder/index.html, 200 folder, 308 /folder/",
    "/folder/, 200 folder, 200 folder",
    "/both, 301 /both/, 200 both as a page",
    "/both/, 200 both as a folder, 200 both as a folder",
    "/moved, 301 /about, 302 /about",
    "/said, 301 /about, 301 /about",
    "/taken, 200 taken, 302 /about",
    "/app/page.html, 200 page, 200 about",
    "/none, 404, 200 home",
    "/none/script.js, 404, 200 home",
    "/docs/none, 404 no such page of the docs, 404 no such page of the docs",
    "/_redirects, 404, 404"
  })
  void asTheMatrixSays(String path, String portico, String pages) {
    assertThat(said("own", path)).startsWith(portico);
    assertThat(said("pages", path)).startsWith(pages);
  }

  @Test
  void namesWithAHashAreAskedForEachTime() {
    String path = "/assets/main.3f2a91bc.js";
    assertThat(ask("own", path).header("cache-control"))
        .isEqualTo("public, max-age=31536000, immutable");
    assertThat(ask("pages", path).header("cache-control"))
        .isEqualTo("public, max-age=0, must-revalidate");
  }

  @Test
  void scriptsOfAllSitesMayReadFilesUnlessTheSiteSaysOtherwise() {
    String field = "access-control-allow-origin";
    assertThat(ask("own", "/docs/").header(field)).isEmpty();
    assertThat(ask("pages", "/docs/").header(field)).isEqualTo("*");
    assertThat(ask("pages", "/docs/none").header(field)).isEqualTo("*");
    assertThat(ask("pages", "/closed/a").header(field)).as("by _headers").isEmpty();
    assertThat(ask("pages", "/shared/a", "Origin: https://app.example.com").header(field))
        .as("by a policy")
        .isEqualTo("https://app.example.com");
  }
}
