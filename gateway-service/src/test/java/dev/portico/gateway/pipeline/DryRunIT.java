package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What would differ if a deployment were activated. */
class DryRunIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String NEXT = "bbbbbbbbbbbbbbbbbbbb";
  private static final String BEHAVING = "dddddddddddddddddddd";
  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static ContentFeedServer content;
  private static OriginServer api;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    api = new OriginServer(request -> request.ok("{}"));
    content.rules(
        "{\"redirects\":[{\"line\":4,\"path\":\"/old\",\"to\":\"/a.html\",\"status\":301}]}");
    content.publish(
        "demo",
        LIVE,
        Page.html("/index.html", "home"),
        Page.html("/a.html", "a"),
        Page.html("/same.html", "same"),
        Page.of("/assets/index-BfT3x9aQ.js", "text/javascript", "hashed"));
    content.rules(
        "{\"redirects\":[{\"line\":9,\"path\":\"/old\",\"to\":\"/b.html\",\"status\":302}],"
            + "\"headers\":[{\"line\":1,\"path\":\"/a.html\","
            + "\"fields\":[{\"name\":\"X-New\",\"value\":\"1\"}]}]}");
    content.seal(
        "demo",
        NEXT,
        Page.html("/index.html", "next"),
        Page.html("/a.html", "a"),
        Page.html("/same.html", "same"),
        Page.html("/b.html", "b"));
    content.rules("");
    content.seal(
        "demo",
        BEHAVING,
        Page.html("/index.html", "home"),
        Page.of("/portico.yml", "text/yaml", "behaviours: []"));
    content.settings("demo", settings("staff", 81, "{\"pattern\":\"/x\"}"));
    String opened = "{\"pattern\":\"/closed/*\"}";
    content.previewSettings(
        "demo", BEHAVING, "production", settings("staff\",\"guests", 82, opened));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.content-api",
            api.url(),
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
  }

  /** Two policies, one of which lets these groups in, and an origin at a port. */
  private static String settings(String groups, int port, String first) {
    return """
    {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
     "accessPolicies":[
      {"id":"some","signedIn":true,"groups":{"any":["%s"],"all":[]},"credentials":["session"]},
      {"id":"all","signedIn":true,"credentials":["session"]}],
     "behaviours":[%s,
      {"pattern":"/some/*","accessPolicy":"some"},
      {"pattern":"/closed/*","accessPolicy":"all"},
      {"pattern":"/all/*","accessPolicy":"all"},
      {"pattern":"/api/*","origin":"app"}]}\
    """
        .formatted(port, groups, first);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    api.close();
  }

  private static RawClient.Response post(String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(
              RawClient.head(
                  "POST",
                  "localhost",
                  "/v1/sites/demo/explain",
                  "Authorization: Bearer pdt_demo_1_x",
                  "Content-Length: " + length))
          .send(body)
          .read();
    }
  }

  /** What is said of each URL. */
  private static Map<String, String> compared(String body) throws IOException {
    RawClient.Response response = post(body);
    assertThat(response.status()).as(response.text()).isEqualTo(200);
    Map<String, Object> all =
        JSON.readValue(response.text(), Argument.mapOf(String.class, Object.class));
    Map<String, String> items = new TreeMap<>();
    for (Object each : (List<?>) all.getOrDefault("items", List.of())) {
      Map<?, ?> item = (Map<?, ?>) each;
      items.put(String.valueOf(item.get("url")), item.toString());
    }
    return items;
  }

  private static String body(String... urls) {
    return "{\"deployment\":\"" + NEXT + "\",\"urls\":[\"" + String.join("\",\"", urls) + "\"]}";
  }

  @Test
  void whatDiffersIsToldForEachUrl() throws IOException {
    await().until(() -> post(body("/same.html")).status() == 200);
    Map<String, String> items =
        compared(
            body(
                "/",
                "/a.html",
                "/b.html",
                "/old",
                "/same.html",
                "/assets/index-BfT3x9aQ.js",
                "http://demo.localhost/none"));
    assertThat(items.get("/same.html")).contains("differs=false");
    assertThat(items.get("http://demo.localhost/none")).contains("differs=false");
    assertThat(items.get("/assets/index-BfT3x9aQ.js"))
        .as("found in the deployment before")
        .contains("differs=false")
        .contains("active={status=200, deployment=" + LIVE + ", fileDeployment=null")
        .contains("deployment=" + NEXT + ", fileDeployment=" + LIVE);
    assertThat(items.get("/"))
        .contains("differs=true", ContentFeedServer.sha256("home".getBytes(StandardCharsets.UTF_8)))
        .contains(ContentFeedServer.sha256("next".getBytes(StandardCharsets.UTF_8)))
        .contains("name=ETag");
    assertThat(items.get("/a.html"))
        .contains("differs=true", "{name=X-New, active=null, supposed=1}");
    assertThat(items.get("/b.html")).contains("status=404", "status=200");
    assertThat(items.get("/old"))
        .contains("_redirects:4", "_redirects:9", "status=301", "status=302", "name=Location");
  }

  /** That an origin answers, or that more may have it, is seen although no file has changed. */
  @Test
  void settingsOfTheDeploymentAreCompared() throws IOException {
    await().until(() -> post(behaving("/all/x")).status() == 200);
    Map<String, String> items =
        compared(behaving("/all/x", "/some/x", "/closed/x", "/api/x", "/none"));
    assertThat(items.get("/all/x"))
        .contains("differs=false", "accessDiffers=false", "decision=sign-in-required");
    assertThat(items.get("/none")).contains("differs=false", "accessDiffers=false", "access=null");
    assertThat(items.get("/some/x"))
        .as("it would let in more, though not this viewer")
        .contains("differs=true", "accessDiffers=true")
        .containsSubsequence("{policy=some, decision=sign-in-required}", "supposed=")
        .contains("headers=[]");
    assertThat(items.get("/closed/x"))
        .as("nothing closes it any more")
        .contains("differs=true", "accessDiffers=true")
        .containsSubsequence("{policy=all, decision=sign-in-required}", "access=null");
    assertThat(items.get("/api/x"))
        .contains("differs=true", "accessDiffers=false")
        .contains("fetch=http://127.0.0.1:81/api/x", "fetch=http://127.0.0.1:82/api/x");
  }

  private static String behaving(String... urls) {
    return body(urls).replace(NEXT, BEHAVING);
  }

  /** Whoever draws would get now this, now that. */
  @Test
  void aGradualReleaseMakesNoDifference() throws IOException {
    await().until(() -> post(body("/same.html")).status() == 200);
    content.release("demo", NEXT, 99);
    try {
      await().until(() -> released("Accept: text/html").header("vary").contains("Cookie"));
      String page = "\"headers\":[\"Accept: text/html\"]}";
      for (int i = 0; i < 10; i++) {
        String asked = body("/same.html", "/");
        Map<String, String> items = compared(asked.substring(0, asked.length() - 1) + "," + page);
        assertThat(items.get("/same.html")).contains("differs=false");
        assertThat(items.get("/")).contains("active={status=200, deployment=" + LIVE);
      }
    } finally {
      content.release("demo", null, 0);
      await().until(() -> !released("Accept: text/html").header("vary").contains("Cookie"));
    }
  }

  private static RawClient.Response released(String accept) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head("GET", "demo.localhost", "/same.html", accept)).read();
    }
  }

  private static RawClient begin(String body) throws IOException {
    return new RawClient(gateway.port())
        .send(
            RawClient.head(
                "POST",
                "localhost",
                "/v1/sites/demo/explain",
                "Authorization: Bearer pdt_demo_1_x",
                "Content-Length: " + body.length()))
        .send(body);
  }

  @Test
  void fewAreUnderWayAtATimeAndTheyEndWithTheirAskers() throws IOException {
    String known = body("/same.html");
    await().until(() -> post(known).status() == 200);
    String slow = "cccccccccccccccccccc";
    content.seal("demo", slow, Page.html("/index.html", "slow"));
    CountDownLatch gate = new CountDownLatch(1);
    content.gateManifests(gate, path -> path.contains(slow));
    List<RawClient> askers = new ArrayList<>();
    try {
      for (int i = 0; i < DryRun.MOST_UNDER_WAY; i++) {
        askers.add(begin(known.replace(NEXT, slow)));
      }
      await().until(() -> post(known).status() == 503);
      for (RawClient asker : askers) {
        asker.close();
      }
      await().until(() -> post(known).status() == 200);
    } finally {
      gate.countDown();
      for (RawClient asker : askers) {
        asker.close();
      }
    }
  }

  @Test
  void aSupposedRequestIsAsSmallAsOneThatIsSent() throws IOException {
    String start = "{\"deployment\":\"" + NEXT + "\",\"urls\":[\"";
    String large = start + "/\"],\"headers\":[\"X-Large: " + "x".repeat(33_000) + "\"]}";
    assertThat(post(large).text()).contains("\"field\":\"headers\"", "more than 32768 bytes");
    String longer = start + "/" + "x".repeat(70_000) + "\"]}";
    assertThat(post(longer).text()).contains("\"field\":\"urls[0]\"", "longer than");
  }

  @Test
  void itIsLimitedAndSaysWhatIsWrong() throws IOException {
    String[] urls = new String[DryRunRequest.MOST_URLS + 1];
    Arrays.fill(urls, "/");
    assertThat(post(body(urls)).text()).contains("urls", "more than " + DryRunRequest.MOST_URLS);
    assertThat(compared(body(Arrays.copyOf(urls, DryRunRequest.MOST_URLS)))).hasSize(1);
    for (String body :
        List.of(
            "",
            "[]",
            "{",
            "{\"urls\":[\"/\"]}",
            "{\"deployment\":\"x\"}",
            "{\"deployment\":\"x\",\"urls\":[]}",
            "{\"deployment\":\"x\",\"urls\":[1]}",
            "{\"deployment\":\"x\",\"urls\":\"/\"}",
            "{\"deployment\":\"x\",\"urls\":[\"/\"]}",
            "{\"deployment\":\"" + NEXT + "\",\"urls\":[\"http://else.localhost/\"]}",
            body("http://" + NEXT + "--demo.localhost/"),
            "{\"deployment\":\"x\",\"urls\":[\"/\"],\"else\":1}")) {
      RawClient.Response response = post(body);
      assertThat(response.status()).as(body).isEqualTo(400);
      assertThat(response.header("content-type")).isEqualTo("application/problem+json");
    }
    assertThat(post(body("/", "/", "ftp://x/")).text())
        .contains("\"field\":\"urls[2]\"", "no path");
    String start = "{\"deployment\":\"" + NEXT + "\",\"urls\":[\"/\"";
    assertThat(post(start + ",1]}").text()).contains("\"field\":\"urls[1]\"", "is no text");
    assertThat(post(start + "],\"headers\":[\"A: b\",\"x\"]}").text())
        .contains("\"field\":\"headers[1]\"", "Name: value");
    assertThat(post(" ".repeat(SmallBody.MOST + 1)).status()).isEqualTo(413);
  }
}
