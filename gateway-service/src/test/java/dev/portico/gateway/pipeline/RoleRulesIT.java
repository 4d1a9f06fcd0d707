package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.session.RevocationFollower;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redirect rules that ask which groups the signed-in viewer is in. */
class RoleRulesIT {
  private static final String RULES =
      """
      {"redirects":[
        {"line":1,"path":"/desk","to":"/admin.html","status":200,"force":true,"roles":["admin"]},
        {"line":2,"path":"/desk","to":"/staff.html","status":200,"roles":["staff","editors"]},
        {"line":3,"path":"/desk","to":"/hello.html","status":200},
        {"line":4,"path":"/old","to":"/new","status":302,"roles":["staff"]},
        {"line":5,"path":"/proxy/*","to":"http://127.0.0.1:PORT/:splat","status":200,
         "roles":["staff"]},
        {"line":6,"path":"/own","to":"/staff.html","status":302,"force":true,"roles":["staff"]},
        {"line":7,"path":"/lost/*","status":410,"roles":["staff"]},
        {"line":8,"path":"/plain","to":"/hello.html","status":200}]}""";

  private AuthInternalServer auth;
  private ContentFeedServer content;
  private OriginServer origin;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    origin = new OriginServer(request -> request.ok("cookies=" + request.header("cookie")));
    content.rules(RULES.replace("PORT", String.valueOf(origin.port())));
    content.publish(
        "demo",
        "aaaaaaaaaaaaaaaaaaaa",
        Page.html("/index.html", "home"),
        Page.html("/admin.html", "admin"),
        Page.html("/staff.html", "staff"),
        Page.html("/hello.html", "hello"),
        Page.html("/own", "own"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":PORT}],
         "responseHeadersPolicies":[{"id":"own",
           "custom":[{"name":"Cache-Control","value":"public, max-age=60","override":true}]}],
         "behaviours":[{"pattern":"/own","responseHeadersPolicy":"own"}]}\
        """
            .replace("PORT", String.valueOf(origin.port())));
    String[] own = auth.settings();
    gateway =
        new RunningGateway(
            own[0],
            own[1],
            own[2],
            own[3],
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> gateway.context().getBean(RevocationFollower.class).connected());
    await().until(() -> get("/").text().equals("home"));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
  }

  private RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get("demo.localhost", path, headers).read();
    }
  }

  private String signedIn(String username, String... groups) {
    return cookie(auth.session("demo", auth.signIn(username, groups)));
  }

  private static String cookie(String session) {
    return "Cookie: a=b; __Host-portico=" + session;
  }

  @Test
  void theViewersGroupsDecide() throws IOException {
    String admin = signedIn("ada", "admin", "staff");
    assertThat(get("/desk", admin).text()).isEqualTo("admin");
    assertThat(get("/desk", signedIn("ann", "editors")).text()).isEqualTo("staff");
    assertThat(get("/desk", signedIn("bob", "Staff")).text()).isEqualTo("hello");
    assertThat(get("/desk").text()).isEqualTo("hello");
    assertThat(get("/desk", admin).text()).as("in any order").isEqualTo("admin");
    assertThat(get("/old", admin).header("location")).isEqualTo("/new");
    assertThat(get("/old").status()).isEqualTo(404);
    assertThat(get("/lost/x", admin).status()).isEqualTo(410);
    assertThat(get("/lost/x").status()).isEqualTo(404);
    String other = cookie(auth.session("other", auth.signIn("eve", "admin")));
    assertThat(get("/desk", other).text()).as("a session of another site").isEqualTo("hello");
  }

  @Test
  void whatARuleHasAskedAboutIsForOneViewerAlone() throws IOException {
    String staff = signedIn("ann", "staff");
    for (String path : new String[] {"/desk", "/old", "/proxy/a", "/own", "/lost/x"}) {
      for (String[] headers : new String[][] {{staff}, {}}) {
        RawClient.Response answer = get(path, headers);
        String caching = answer.header("cache-control");
        assertThat(caching).as(path).matches("(private\\b.*|no-store)").doesNotContain("public");
        assertThat(answer.header("vary")).as(path).contains("Cookie");
      }
    }
    assertThat(get("/own").header("cache-control")).isEqualTo("private, max-age=60");
    RawClient.Response plain = get("/plain", staff);
    assertThat(plain.header("cache-control")).startsWith("public");
    assertThat(plain.header("vary")).doesNotContain("Cookie");
  }

  @Test
  void anOriginIsAskedForWhoMayAndNotShownTheSession() throws IOException {
    String staff = signedIn("ann", "staff");
    assertThat(get("/proxy/a", staff).text()).isEqualTo("cookies=a=b");
    assertThat(get("/proxy/a").status()).as("though it may be stored").isEqualTo(404);
  }

  @Test
  void nobodyIsAskedWhoTheViewerIsWhereNoRuleWantsToKnow() throws IOException {
    String staff = signedIn("ann", "staff");
    assertThat(get("/", staff).text()).isEqualTo("home");
    assertThat(get("/plain", staff).text()).isEqualTo("hello");
    assertThat(auth.queries()).isZero();
    get("/desk");
    assertThat(auth.queries()).as("without a session").isZero();
    get("/desk", staff);
    get("/old", staff);
    assertThat(auth.queries()).as("it is remembered").isEqualTo(1);
  }

  @Test
  void itEndsWithTheSession() throws IOException {
    AuthInternalServer.SignIn signIn = auth.signIn("ann", "staff");
    String staff = cookie(auth.session("demo", signIn));
    assertThat(get("/desk", staff).text()).isEqualTo("staff");
    auth.end(signIn);
    await().until(() -> get("/desk", staff).text().equals("hello"));
  }

  @Test
  void whomNobodyCanTellIsInNoGroup() throws IOException {
    auth.away(true);
    assertThat(get("/desk", signedIn("ann", "staff")).text()).isEqualTo("hello");
    assertThat(get("/old", signedIn("ada", "staff")).status()).isEqualTo(404);
  }
}
