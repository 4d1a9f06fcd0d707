package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import dev.portico.local.fixture.ViteSite;
import dev.portico.standins.process.Checkout;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sites of deploy/sites, published as their pages say, do what these promise. */
@Timeout(600)
class ConfiguredSitesIT {
  private static final Path SITES = Checkout.locate().root().resolve("deploy/sites");
  private static final Path PYTHON = Path.of("/usr/share/doc/python3-doc/html");
  private static final Path JAVA = Path.of("/usr/share/doc/openjdk-17-doc/api");

  private static LocalStack stack;
  private static String token;

  @TempDir Path folder;

  @BeforeAll
  static void sharePolicy() {
    stack = LocalStack.shared();
    token = stack.adminToken();
    curl("-X", "PUT", "--json", "@" + SITES.resolve("house.json"), url("/v1/policies/house"));
  }

  private static String url(String path) {
    return stack.api() + path;
  }

  private static String curl(String... arguments) {
    var words = new String[arguments.length + 6];
    words[0] = "curl";
    words[1] = "-sS";
    words[2] = "--fail-with-body";
    words[3] = "-H";
    words[4] = "Authorization: Bearer " + token;
    words[5] = "--globoff";
    System.arraycopy(arguments, 0, words, 6, arguments.length);
    return Program.of(words).run().ok().out();
  }

  /** Publishes a folder of files with a site's configuration. */
  private static void publish(String site, Path files) {
    stack.portico(token, "create", site).run().ok();
    var configuration = SITES.resolve(site);
    curl(
        "-H",
        "If-Match: *",
        "-X",
        "PUT",
        "--json",
        "@" + configuration.resolve("settings.json"),
        url("/v1/sites/" + site + "/settings"));
    Program.shell(
            "tar c -C %s _redirects _headers portico.yml -h -C %s . | curl -sS --fail-with-body -T-"
                    .formatted(configuration, files)
                + " -H 'Authorization: Bearer %s' %s"
                    .formatted(token, url("/v1/sites/" + site + "/deployments")))
        .run()
        .ok();
    await()
        .untilAsserted(
            () -> assertThat(stack.get(site + ".localhost", "/").statusCode()).isEqualTo(200));
    for (var control : new String[] {"/_redirects", "/_headers", "/portico.yml"}) {
      assertThat(stack.get(site + ".localhost", control).statusCode()).isEqualTo(404);
    }
  }

  private static String field(HttpResponse<String> reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }

  private static void assertRedirect(String site, String path, int status, String location) {
    var reply = stack.get(site + ".localhost", path);
    assertThat(reply.statusCode()).as(path).isEqualTo(status);
    assertThat(field(reply, "Location")).as(path).isEqualTo(location);
  }

  private static String explain(String site, String path) {
    return curl("-G", url("/v1/sites/" + site + "/explain"), "--data-urlencode", "url=" + path);
  }

  @Test
  void pythonsDocumentation() {
    assumeTrue(Files.exists(PYTHON), "the package python3-doc is not installed");
    publish("python-docs", PYTHON);
    var site = "python-docs";
    var page = stack.get(site + ".localhost", "/library/os.html");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Miscellaneous operating system interfaces");
    assertThat(field(page, "Content-Security-Policy")).startsWith("default-src 'self'; script-src");
    assertThat(field(page, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
    assertThat(field(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(field(page, "Cache-Control")).isEqualTo("public, max-age=0, must-revalidate");

    assertRedirect(site, "/3/library/os.html?x=1", 302, "/library/os.html?x=1");
    assertRedirect(site, "/3.11", 302, "/");
    assertRedirect(site, "/2/tutorial/", 301, "https://docs.python.org/2/tutorial/");
    assertRedirect(
        site,
        "/release/2.6.9/library/os.html",
        301,
        "https://docs.python.org/release/2.6.9/library/os.html");
    assertRedirect(site, "/lib/os.html", 301, "/library/os.html");
    assertRedirect(site, "/modindex.html", 301, "/py-modindex.html");
    assertRedirect(site, "/search?q=a%20b", 302, "/search.html?q=a%20b");
    assertThat(stack.get(site + ".localhost", "/archives/all.zip").statusCode()).isEqualTo(410);
    assertThat(stack.get(site + ".localhost", "/no/such/page").statusCode()).isEqualTo(404);

    assertThat(field(stack.get(site + ".localhost", "/_static/basic.css"), "Cache-Control"))
        .isEqualTo("public, max-age=3600");
    var source = stack.get(site + ".localhost", "/_sources/library/os.rst.txt");
    assertThat(field(source, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(field(source, "X-Robots-Tag")).isEqualTo("noindex");

    var inventory = explain(site, "/objects.inv");
    assertThat(inventory).contains("\"pattern\":\"/objects.inv\"");
    assertThat(explain(site, "/lib/os.html")).contains("\"rule\":\"_redirects:17\"");
    assertThat(explain(site, "/glossary.html"))
        .contains("\"responseHeadersPolicy\":\"house\"")
        .contains("\"sharedPolicies\":{\"house\":")
        .contains("\"by\":\"responseHeadersPolicy house\"");
  }

  @Test
  void javasDocumentation() {
    assumeTrue(Files.exists(JAVA), "the package openjdk-17-doc is not installed");
    publish("java-docs", JAVA);
    var site = "java-docs";
    var page = stack.get(site + ".localhost", "/java.base/java/util/List.html");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(field(page, "Referrer-Policy")).isEqualTo("no-referrer-when-downgrade");
    assertThat(field(page, "Content-Security-Policy"))
        .contains("script-src 'self' 'unsafe-inline'");

    assertRedirect(site, "/java/util/List.html", 301, "/java.base/java/util/List.html");
    assertRedirect(
        site, "/java/util/logging/Logger.html", 301, "/java.logging/java/util/logging/Logger.html");
    assertRedirect(
        site,
        "/java/net/http/HttpClient.html",
        301,
        "/java.net.http/java/net/http/HttpClient.html");
    assertRedirect(site, "/java/net/URI.html", 301, "/java.base/java/net/URI.html");
    assertRedirect(
        site, "/javase/17/docs/api/allclasses-index.html", 301, "/allclasses-index.html");
    assertRedirect(site, "/index-all.html", 301, "/index-files/index-1.html");
    assertThat(stack.get(site + ".localhost", "/javax/xml/bind/JAXBContext.html").statusCode())
        .isEqualTo(410);

    assertThat(
            field(stack.get(site + ".localhost", "/script-dir/jquery-ui.min.js"), "Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");
    var index = stack.get(site + ".localhost", "/member-search-index.js");
    assertThat(field(index, "Cache-Control")).isEqualTo("public, max-age=86400");
    assertThat(field(index, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    assertThat(field(stack.get(site + ".localhost", "/index-files/index-1.html"), "X-Robots-Tag"))
        .isEqualTo("noindex");
    assertThat(explain(site, "/java.base/java/util/List.html"))
        .contains("\"responseHeadersPolicy\":\"pages\"")
        .doesNotContain("sharedPolicies");
    assertThat(explain(site, "/script-dir/jquery-ui.min.js"))
        .contains("\"sharedPolicies\":{\"house\":");
    // A preview of the same is marked as a draft.
    var live = explain(site, "/").replaceAll("(?s).*\"deployment\":\"([a-z2-7]{20})\".*", "$1");
    var preview = live + "--" + site + ".localhost";
    await()
        .untilAsserted(
            () ->
                assertThat(field(stack.get(preview, "/help-doc.html"), "X-Documentation"))
                    .isEqualTo("draft"));
    assertThat(field(stack.get(preview, "/help-doc.html"), "Content-Security-Policy"))
        .isEqualTo(field(page, "Content-Security-Policy"));
    assertThat(field(stack.get(site + ".localhost", "/help-doc.html"), "X-Documentation"))
        .isEmpty();
  }

  @Test
  void aSinglePageApplication() {
    assumeTrue(ViteSite.canBeBuilt(), "npm is not installed");
    var built = ViteSite.build(folder.resolve("app"));
    publish("vite-app", built);
    var site = "vite-app";
    var page = stack.get(site + ".localhost", "/");
    assertThat(field(page, "Content-Security-Policy")).contains("connect-src 'self'");
    assertThat(field(page, "X-Frame-Options")).isEqualTo("DENY");
    assertThat(field(page, "Link")).contains("rel=preload");
    var route = stack.get(site + ".localhost", "/people/anna/settings");
    assertThat(route.statusCode()).isEqualTo(200);
    assertThat(route.body()).isEqualTo(page.body());
    assertThat(stack.get(site + ".localhost", "/assets/gone.js").statusCode()).isEqualTo(404);
    var script = Pattern.compile("src=\"(/assets/[^\"]+\\.js)\"").matcher(page.body());
    assertThat(script.find()).isTrue();
    assertThat(field(stack.get(site + ".localhost", script.group(1)), "Cache-Control"))
        .isEqualTo("public, max-age=31536000, immutable");

    assertRedirect(site, "/home", 301, "/");
    assertRedirect(site, "/signin?next=%2Fa", 302, "/account/sign-in?next=%2Fa");
    assertRedirect(site, "/u/anna", 301, "/people/anna");
    assertRedirect(site, "/blog/2024/hello", 301, "https://blog.example.com/2024/hello");

    var live = explain(site, "/").replaceAll("(?s).*\"deployment\":\"([a-z2-7]{20})\".*", "$1");
    var preview = live + "--" + site + ".localhost";
    await()
        .untilAsserted(
            () -> assertThat(field(stack.get(preview, "/"), "X-Preview")).isEqualTo("true"));
    assertThat(field(stack.get(preview, "/"), "Content-Security-Policy"))
        .isEqualTo(field(page, "Content-Security-Policy"));
    assertThat(field(stack.get(preview, "/"), "X-Frame-Options")).isEqualTo("DENY");

    var api = explain(site, "/api/orders?x=1");
    assertThat(api)
        .contains("\"pattern\":\"/api/*\"")
        .contains("api.example.com")
        .contains("/v2/api/orders?x=1\"")
        .contains("\"X-Gateway-Key\":\"(secret)\"")
        .contains("\"sharedPolicies\":{\"house\":")
        .doesNotContain("replace me");
    var lists = explain(site, "/api/public/products?sort=name&utm=x&page=2");
    assertThat(lists)
        .contains("\"cachePolicy\":\"lists\"")
        .contains("\"query\":[\"page=2\",\"sort=name\"]");
  }
}
