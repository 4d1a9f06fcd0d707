package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.local.fixture.Program;
import dev.portico.local.fixture.ViteSite;
import dev.portico.system.fixture.Browser;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WebDriverException;

/** Sites that people publish, as their viewers' browser shows them. */
@SystemTest
@Timeout(600)
class BrowserIT {
  private static final List<String> GATEWAYS = List.of("gateway", "gateway-2");

  @TempDir Path folder;

  @Test
  void anApplicationIsPublishedActivatedAndRolledBack() throws Exception {
    assumeTrue(Browser.isThere(), "chromium and chromium-driver are not installed");
    assumeTrue(ViteSite.canBeBuilt(), "npm is not installed");
    var app = folder.resolve("app");
    var built = ViteSite.build(app);
    var stack = Stack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", "spa").run().ok();
    stack.portico(token, "publish", built.toString(), "--site", "spa").run().ok();
    try (var browser = new Browser()) {
      shows(browser, stack, "published 0 times");
      browser.click("button");
      await().untilAsserted(() -> assertThat(browser.text()).contains("published 1 times"));

      var page = app.resolve("src/Page.jsx");
      Files.writeString(page, Files.readString(page).replace("published", "printed"));
      var next = ViteSite.rebuild(app);
      var answer =
          stack
              .portico(
                  token, "publish", next.toString(), "--site", "spa", "--no-activate", "--json")
              .run()
              .ok()
              .out();
      var id = answer.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
      // Sealed is not shown; activated is; rolled back is no more.
      shows(browser, stack, "published 0 times");
      stack.portico(token, "activate", "spa", id).run().ok();
      shows(browser, stack, "printed 0 times");
      stack.portico(token, "rollback", "spa").run().ok();
      shows(browser, stack, "published 0 times");
    }
  }

  private static void shows(Browser browser, Stack stack, String text) {
    await("the browser shows " + text)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .untilAsserted(
            () -> {
              browser.open("http://spa.localhost:" + stack.scaledPort() + "/");
              assertThat(browser.textWith(text)).contains(text);
            });
    assertThat(browser.consoleErrors()).isEmpty();
  }

  /** CORS is what browsers make of it (Fetch standard, section 3.3). */
  @Test
  void anotherSitesPageReadsWhatItMay() throws Exception {
    assumeTrue(Browser.isThere(), "chromium and chromium-driver are not installed");
    var stack = Stack.shared();
    var token = stack.adminToken();
    var data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("data.txt"), "shared");
    var page = Files.createDirectories(folder.resolve("page"));
    Files.writeString(page.resolve("index.html"), reader(stack.scaledPort()));
    for (var site : List.of("cors-data", "cors-friend", "cors-stranger")) {
      stack.portico(token, "create", site).run().ok();
      var files = site.equals("cors-data") ? data : page;
      stack.portico(token, "publish", files.toString(), "--site", site).run().ok();
    }
    settings(
        stack,
        token,
        "cors-data",
        """
        {"responseHeadersPolicies": [{"id": "friends",
           "cors": {"allowOrigins": ["http://cors-friend.localhost:%d"],
             "allowHeaders": ["X-Key"], "exposeHeaders": ["X-Team"], "allowCredentials": true},
           "custom": [{"name": "X-Team", "value": "docs"}]}],
         "defaultBehaviour": {"responseHeadersPolicy": "friends"}}\
        """
            .formatted(stack.scaledPort()));
    try (var browser = new Browser()) {
      reads(browser, stack, "cors-friend", "simple: shared docs", "asked: shared", "other: failed");
      reads(browser, stack, "cors-stranger", "simple: failed", "asked: failed", "other: failed");
    }
  }

  /** Asks plainly, with a field that the policy allows, and with one that it does not. */
  private static String reader(int port) {
    return """
      <!doctype html><title>reader</title><body><script>
      const url = 'http://cors-data.localhost:%d/data.txt';
      const show = text => document.body.append(text + '. ');
      const ask = (name, headers, more) =>
        fetch(url, {credentials: 'include', cache: 'no-store', headers})
          .then(async r => show(name + ': ' + await r.text() + more(r)))
          .catch(() => show(name + ': failed'));
      ask('simple', {}, r => ' ' + r.headers.get('X-Team'))
        .then(() => ask('asked', {'X-Key': '1'}, () => ''))
        .then(() => ask('other', {'X-Other': '1'}, () => ''))
        .then(() => show('done'));
      </script>
      """
        .formatted(port);
  }

  private static void reads(Browser browser, Stack stack, String site, String... expected) {
    await("what " + site + " reads")
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .untilAsserted(
            () -> {
              browser.open("http://" + site + ".localhost:" + stack.scaledPort() + "/");
              assertThat(browser.textWith("done")).contains("done").contains(expected);
            });
  }

  /**
   * A browser is led to the sign-in pages, comes back to the very page that it asked for, and is
   * out at both gateways when it signs out.
   */
  @Test
  void aProtectedSiteIsForThoseWhoAreSignedIn() throws Exception {
    assumeTrue(Browser.isThere(), "chromium and chromium-driver are not installed");
    var stack = Stack.shared();
    var token = stack.adminToken();
    var papers = Files.createDirectories(folder.resolve("papers"));
    Files.writeString(papers.resolve("report.html"), "<!doctype html><h1>for our eyes only</h1>");
    stack.portico(token, "create", "papers").run().ok();
    stack.portico(token, "publish", papers.toString(), "--site", "papers").run().ok();
    settings(
        stack,
        token,
        "papers",
        """
        {"accessPolicies": [{"id": "known", "signedIn": true}],
         "defaultBehaviour": {"accessPolicy": "known"}, "signIn": {"title": "Our papers"}}\
        """);
    var site = "http://papers.localhost:" + stack.port();
    var page = site + "/report.html?page=2";
    for (var gateway : GATEWAYS) {
      await().untilAsserted(() -> assertThat(papers(stack, gateway, "")).isEqualTo("401"));
    }
    try (var browser = new Browser()) {
      signIn(browser, stack, page);
      var session = browser.cookie("__Host-portico");
      assertThat(session).isNotEmpty();
      assertThat(GATEWAYS)
          .allSatisfy(gateway -> assertThat(papers(stack, gateway, session)).isEqualTo("200"));

      browser.open(site + "/.portico/auth/sign-out");
      browser.click("button");
      for (var gateway : GATEWAYS) {
        // Asking starts two programs; that a second does is shown where no program starts.
        await("signed out at " + gateway)
            .untilAsserted(() -> assertThat(papers(stack, gateway, session)).isEqualTo("401"));
      }
      // Not even the auth host remembers.
      signIn(browser, stack, page);
    }
  }

  private static void signIn(Browser browser, Stack stack, String page) {
    browser.open(page);
    assertThat(browser.address()).startsWith("http://auth.localhost:" + stack.port() + "/sign-in");
    assertThat(browser.text()).contains("Our papers");
    browser.type("username", Stack.ADMIN);
    browser.type("password", stack.adminPassword());
    browser.click("button");
    await().untilAsserted(() -> assertThat(browser.address()).isEqualTo(page));
    assertThat(browser.text()).contains("for our eyes only");
  }

  /** The status that a program gets of the protected page from one gateway. */
  private static String papers(Stack stack, String gateway, String session) {
    return Program.of(
            "curl",
            "-sS",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-H",
            "Host: papers.localhost:" + stack.port(),
            "-H",
            "Cookie: __Host-portico=" + session,
            "http://" + stack.address(gateway) + "/report.html")
        .run()
        .ok()
        .out();
  }

  private static void settings(Stack stack, String token, String site, String json) {
    Program.of(
            "curl",
            "-sS",
            "--fail-with-body",
            "-X",
            "PUT",
            "-H",
            "Authorization: Bearer " + token,
            "-H",
            "If-Match: *",
            "-H",
            "Content-Type: application/json",
            "-d",
            json,
            "http://localhost:" + stack.scaledPort() + "/v1/sites/" + site + "/settings")
        .run()
        .ok();
  }

  private static String get(Stack stack, String token, String path) {
    return Program.of(
            "curl",
            "-sS",
            "--fail-with-body",
            "-H",
            "Authorization: Bearer " + token,
            "http://localhost:" + stack.scaledPort() + path)
        .run()
        .ok()
        .out();
  }

  /** A hash is right if the browser runs what it is of (CSP Level 3, section 6.7.3.3). */
  @Test
  void whatAPageHasRunsUnderThePolicyComputedOfIt() throws Exception {
    assumeTrue(Browser.isThere(), "chromium and chromium-driver are not installed");
    var stack = Stack.shared();
    var token = stack.adminToken();
    var page = Files.createDirectories(folder.resolve("csp"));
    Files.writeString(
        page.resolve("index.html"),
        """
        <!doctype html><title>policy</title><style>p { display: none }</style>
        <body><script>\r
          const show = text => document.body.append(text + '. ');\r
          show('plain runs');</script>
        <svg><script>if (1 &lt; 2 &amp;&amp; true) show('svg runs')</script></svg>
        <script type=module>
          show(getComputedStyle(document.querySelector('p')).display);
          const added = document.createElement('script');
          added.textContent = 'show("added runs")';
          document.body.append(added);
          show('done');
        </script><p>hidden</p><img src=none.png onerror="show('handler runs')">
        """);
    stack.portico(token, "create", "csp").run().ok();
    var published =
        stack
            .portico(token, "publish", page.toString(), "--site", "csp", "--json")
            .run()
            .ok()
            .out();
    var id = published.replaceAll("(?s).*?\"id\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    var computed =
        get(stack, token, "/v1/sites/csp/deployments/" + id + "/content-security-policy");
    var policy =
        computed.replaceAll("(?s).*?\"policy\"\\s*:\\s*\"([^\"]+)\".*", "$1")
            + "; report-uri /.portico/csp-reports";
    settings(
        stack,
        token,
        "csp",
        """
        {"responseHeadersPolicies": [{"id": "csp",
           "securityHeaders": {"contentSecurityPolicy": {"value": "%s"}}}],
         "defaultBehaviour": {"responseHeadersPolicy": "csp"}}\
        """
            .formatted(policy));
    await()
        .untilAsserted(
            () ->
                assertThat(stack.get("csp", "/").headers().allValues("content-security-policy"))
                    .containsExactly(policy));
    try (var browser = new Browser()) {
      await()
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .untilAsserted(
              () -> {
                browser.open("http://csp.localhost:" + stack.scaledPort() + "/");
                assertThat(browser.textWith("done")).contains("done");
              });
      assertThat(browser.text())
          .contains("plain runs", "svg runs", "none")
          .doesNotContain("added runs", "handler runs");
    }
    // What did not run is reported, and counted within seconds.
    await()
        .untilAsserted(
            () ->
                assertThat(get(stack, token, "/v1/sites/csp/csp-reports"))
                    .contains("script-src-elem", "script-src-attr", "\"inline\""));
  }

  @Test
  void pythonsDocumentation() {
    assertThat(documentation("python", Path.of("/usr/share/doc/python3-doc/html"), "Documentation"))
        .isEmpty();
  }

  @Test
  void javasDocumentation() {
    var pages = Path.of("/usr/share/doc/openjdk-17-doc/api");
    // Its style sheet imports one that Debian's package does not hold.
    var absent = "/resources/fonts/dejavu.css";
    var errors = documentation("java", pages, "Java");
    if (Files.exists(Path.of(pages + absent))) {
      assertThat(errors).isEmpty();
    } else {
      assertThat(errors).allMatch(error -> error.contains(absent));
    }
  }

  /** Publishes and opens a site; what the browser's console says. */
  private static List<String> documentation(String site, Path pages, String word) {
    assumeTrue(Browser.isThere(), "chromium and chromium-driver are not installed");
    assumeTrue(Files.exists(pages), pages + " is not installed");
    var stack = Stack.shared();
    var token = stack.adminToken();
    stack.portico(token, "create", site).run().ok();
    stack.portico(token, "publish", pages.toString(), "--site", site).run().ok();
    await().until(() -> stack.get(site, "/index.html").statusCode() == 200);
    try (var browser = new Browser()) {
      var errors = new ArrayList<String>();
      await()
          .ignoreExceptionsInstanceOf(WebDriverException.class)
          .untilAsserted(
              () -> {
                browser.open("http://" + site + ".localhost:" + stack.scaledPort() + "/index.html");
                errors.clear();
                errors.addAll(browser.consoleErrors());
                assertThat(browser.title()).contains(word);
              });
      return errors;
    }
  }
}
