package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may have what of previews, earlier deployments, releases and deployments to come. */
class DeploymentAccessIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";

  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    gateway =
        new RunningGateway(
            "portico.session.auth-internal",
            auth.address(),
            "portico.session.auth-secret",
            AuthInternalServer.SECRET,
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.manifests.failure-memory",
            "50ms");
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
  }

  private static RawClient.Response at(String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(host, path, headers).read();
    }
  }

  @Test
  void previewsAreGuardedToo() throws IOException {
    content.publish("closed", FIRST, Page.html("/index.html", "application"));
    content.seal("closed", "bbbbbbbbbbbbbbbbbbbb", Page.html("/index.html", "secret preview"));
    content.alias("closed", "next", "bbbbbbbbbbbbbbbbbbbb");
    content.settings(
        "closed",
        """
        {"accessPolicies":[{"id":"team","signedIn":true,"member":"viewer",
           "credentials":["session"]}],
         "previewAccess":"team"}\
        """);
    await().until(() -> at("closed.localhost", "/").status() == 200);
    AuthInternalServer.SignIn eve = auth.signIn("eve");
    String cookie = "Cookie: __Host-portico=" + auth.session("closed", eve);
    String elsewhere = "Cookie: __Host-portico=" + auth.session("demo", eve);
    for (String host :
        new String[] {"bbbbbbbbbbbbbbbbbbbb--closed.localhost", "next--closed.localhost"}) {
      assertThat(at(host, "/").status()).as(host).isEqualTo(401);
      assertThat(at(host, "/", elsewhere).status()).as("of another site").isEqualTo(401);
      assertThat(at(host, "/none").text()).doesNotContain("secret");
    }
    content.member("closed", eve.subject(), "viewer");
    assertThat(at("next--closed.localhost", "/", cookie).text()).isEqualTo("secret preview");
    RawClient.Response noindex = at("next--closed.localhost", "/", cookie);
    assertThat(noindex.header("x-robots-tag")).isEqualTo("noindex");
  }

  /** Its files were sealed before the site said who may have what. */
  @Test
  void anEarlierDeploymentIsGuardedAsTheLiveOne() throws IOException {
    String earlier = "eeeeeeeeeeeeeeeeeeee";
    content.publish("later", FIRST, Page.html("/index.html", "application"));
    content.seal(
        "later",
        earlier,
        Page.html("/index.html", "secret of old"),
        Page.of("/portico.yml", "text/yaml", "files: {pretty: true}"));
    content.alias("later", "main", earlier);
    content.previewSettings("later", earlier, "preview", "{}");
    content.previewSettings("later", earlier, "alias:main", "{}");
    await().until(() -> at(earlier + "--later.localhost", "/").status() == 200);
    content.settings(
        "later",
        """
        {"accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
         "defaultBehaviour":{"accessPolicy":"all"}}\
        """);
    content.settingsFile("later", FIRST);
    for (String host : new String[] {earlier + "--later.localhost", "main--later.localhost"}) {
      await().until(() -> at(host, "/").status() == 401);
      assertThat(at(host, "/").text()).doesNotContain("secret");
    }
    String cookie = "Cookie: __Host-portico=" + auth.session("later", auth.signIn("gil"));
    assertThat(at("main--later.localhost", "/", cookie).text()).isEqualTo("secret of old");
  }

  /**
   * Prettier addresses lead to files too, though they are those of the preview's settings alone.
   */
  @Test
  void anEarlierDeploymentShowsNoGuardedFileByAnotherName() throws IOException {
    String earlier = "ffffffffffffffffffff";
    String host = earlier + "--pretty.localhost";
    content.publish("pretty", FIRST, Page.html("/index.html", "application"));
    content.seal(
        "pretty",
        earlier,
        Page.html("/index.html", "home of old"),
        Page.html("/plan.html", "secret of old"),
        Page.of("/portico.yml", "text/yaml", "files: {pretty: true}"));
    content.previewSettings("pretty", earlier, "preview", "{\"files\":{\"pretty\":true}}");
    await().until(() -> at(host, "/plan").text().equals("secret of old"));
    content.settings(
        "pretty",
        """
        {"accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
         "behaviours":[{"pattern":"/plan.html","accessPolicy":"all"}]}\
        """);
    content.settingsFile("pretty", FIRST);
    await().until(() -> at(host, "/plan.html").status() == 401);
    assertThat(at(host, "/plan").status()).isEqualTo(404);
    assertThat(at(host, "/").text()).isEqualTo("home of old");
  }

  /** What was known before may let in whom the site keeps out by now. */
  @Test
  void aPreviewIsClosedWhileItsSettingsCannotBeRead() throws IOException {
    String host = "cccccccccccccccccccc--strict.localhost";
    content.publish("strict", FIRST, Page.html("/index.html", "application"));
    content.seal(
        "strict",
        "cccccccccccccccccccc",
        Page.html("/index.html", "early"),
        Page.of("/portico.yml", "text/yaml", "context: {}"));
    content.previewSettings("strict", "cccccccccccccccccccc", "preview", "{}");
    await().until(() -> at(host, "/").text().equals("early"));
    content.failPreviewSettings(true);
    content.settings(
        "strict",
        """
        {"accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
         "previewAccess":"all"}\
        """);
    await().until(() -> at(host, "/").status() == 503);
    for (int i = 0; i < 20; i++) {
      assertThat(at(host, "/").status()).isEqualTo(503);
    }
    content.failPreviewSettings(false);
  }

  @Test
  void aGradualReleaseIsGuarded() throws IOException {
    content.publish("parts", FIRST, Page.html("/index.html", "secret old"));
    content.seal("parts", "dddddddddddddddddddd", Page.html("/index.html", "secret new"));
    content.settings(
        "parts",
        """
        {"accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
         "defaultBehaviour":{"accessPolicy":"all"}}\
        """);
    content.release("parts", "dddddddddddddddddddd", 50);
    await().until(() -> at("parts.localhost", "/").status() == 401);
    String cookie = "Cookie: __Host-portico=" + auth.session("parts", auth.signIn("fay"));
    for (int i = 0; i < 20; i++) {
      assertThat(at("parts.localhost", "/").text()).doesNotContain("secret");
      assertThat(at("parts.localhost", "/", cookie).text()).startsWith("secret");
    }
  }

  @Test
  void settingsThatChangeHoldForWhatIsAskedFromThenOn() throws IOException {
    content.publish("turns", FIRST, Page.html("/index.html", "turning"));
    await().until(() -> at("turns.localhost", "/").status() == 200);
    content.settings(
        "turns",
        """
        {"accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
         "defaultBehaviour":{"accessPolicy":"all"}}\
        """);
    await().until(() -> at("turns.localhost", "/").status() == 401);
    for (int i = 0; i < 50; i++) {
      assertThat(at("turns.localhost", "/").status()).isEqualTo(401);
    }
    content.settings("turns", "{}");
    await().until(() -> at("turns.localhost", "/").status() == 200);
  }

  private static String closing(String pattern) {
    return """
    {"files":{"notFound":"spa"},
     "accessPolicies":[{"id":"all","signedIn":true,"credentials":["session"]}],
     "behaviours":[{"pattern":"PATTERN","accessPolicy":"all"}]}\
    """
        .replace("PATTERN", pattern);
  }

  /**
   * Its files may take long to come, or not come at all: nothing may stay open for want of them.
   */
  @Test
  void whatANewDeploymentClosesIsClosedBeforeItsFilesHaveCome() throws IOException {
    String host = "closing.localhost";
    Page[] old = {
      Page.html("/index.html", "home"),
      Page.html("/plan.html", "secret plan"),
      Page.html("/list.html", "secret list")
    };
    content.publish("closing", FIRST, old);
    await().until(() -> at(host, "/plan.html").status() == 200);
    content.seal("closing", "gggggggggggggggggggg", Page.html("/plan.html", "new plan"));
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains("/closing/"));
    content.activate("closing", "gggggggggggggggggggg", closing("/plan*"));
    await().until(() -> at(host, "/plan.html").status() == 401);
    assertThat(at(host, "/list.html").text()).as("the files of before").isEqualTo("secret list");
    assertThat(at(host, "/plan").text()).as("nor by another name").doesNotContain("secret");
    assertThat(at(FIRST + "--closing.localhost", "/plan.html").status()).isEqualTo(401);
    // The next change does not wait for these files either.
    content.settings("closing", closing("/*"));
    await().until(() -> at(host, "/list.html").status() == 401);
    String cookie = "Cookie: __Host-portico=" + auth.session("closing", auth.signIn("ida"));
    assertThat(at(host, "/plan.html", cookie).text()).isEqualTo("secret plan");
    content.settings("closing", closing("/plan*"));
    await().until(() -> at(host, "/list.html").status() == 200);
    gate.countDown();
    await().until(() -> at(host, "/plan.html", cookie).text().equals("new plan"));
    assertThat(at(host, "/plan.html").status()).isEqualTo(401);
  }

  /** Not what the one says, nor what the other: what both say. */
  @Test
  void whatANewDeploymentOpensIsClosedUntilItsFilesHaveCome() throws IOException {
    String host = "opening.localhost";
    content.publish("opening", FIRST, Page.html("/plan.html", "secret plan"));
    content.settings("opening", closing("/plan*"));
    await().until(() -> at(host, "/plan.html").status() == 401);
    content.seal("opening", "gggggggggggggggggggg", Page.html("/plan.html", "open plan"));
    content.failManifests(true);
    content.activate("opening", "gggggggggggggggggggg", closing("/list*"));
    await().until(() -> at(host, "/list.html").status() == 401);
    assertThat(at(host, "/plan.html").status()).isEqualTo(401);
    content.failManifests(false);
    await().until(() -> at(host, "/plan.html").text().equals("open plan"));
  }
}
