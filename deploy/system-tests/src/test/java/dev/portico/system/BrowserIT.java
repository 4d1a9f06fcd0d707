package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.local.fixture.ViteSite;
import dev.portico.system.fixture.Browser;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sites that people publish, as their viewers' browser shows them. */
@SystemTest
@Timeout(600)
class BrowserIT {
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
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              browser.open("http://spa.localhost:" + stack.scaledPort() + "/");
              await()
                  .atMost(Duration.ofSeconds(5))
                  .untilAsserted(() -> assertThat(browser.text()).contains(text));
            });
    assertThat(browser.consoleErrors()).isEmpty();
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
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> stack.get(site, "/index.html").statusCode() == 200);
    try (var browser = new Browser()) {
      browser.open("http://" + site + ".localhost:" + stack.scaledPort() + "/index.html");
      assertThat(browser.title()).contains(word);
      return browser.consoleErrors();
    }
  }
}
