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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Why an error is answered as it is, where a behaviour has pages for errors. */
class ExplainedErrorsIT {
  private static final String LIVE = "aaaaaaaaaaaaaaaaaaaa";
  private static final String PREVIEW = "bbbbbbbbbbbbbbbbbbbb";
  private static final String BROKEN = "<p>a page that is damaged";
  private static final String HOST = "demo.localhost";
  private static final String MEMBER = "Authorization: Bearer pdt_demo_1_member";
  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static ContentFeedServer content;
  private static OriginServer api;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    api = new OriginServer(request -> request.ok("{\"name\":\"demo\"}"));
    origin = new OriginServer(ExplainedErrorsIT::answer);
    content.rules(
        """
        {"redirects":[{"line":1,"path":"/plain/none","to":"/de/","status":302,"languages":["de"]}],
         "headers":[
          {"line":1,"path":"/*","fields":[{"name":"X-All","value":"one"},
           {"name":"Access-Control-Allow-Origin","value":"*"},
           {"name":"X-Robots-Tag","value":"all"}]},
          {"line":5,"path":"/plain/none","fields":[{"name":"Vary","value":"X-Own"}]}]}""");
    content.publish(
        "demo",
        LIVE,
        Page.html("/index.html", "home"),
        Page.html("/404.html", "nothing"),
        Page.html("/page.html", "back soon"),
        Page.html("/broken.html", BROKEN));
    content.damage(BROKEN.getBytes(StandardCharsets.UTF_8), new byte[3]);
    content.seal("demo", PREVIEW, Page.html("/page.html", "of the preview"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "cachePolicies":[
          {"id":"kept","maxTtlSeconds":3600},
          {"id":"own","maxTtlSeconds":3600,"errorTtlSeconds":{"404":30}}],
         "behaviours":[
          {"pattern":"/plain/*"},
          {"pattern":"/app/*","origin":"app","errorResponses":[
           {"status":404,"path":"/away.html","responseStatus":200},
           {"status":502,"path":"/page.html","responseStatus":200},
           {"status":503,"path":"/broken.html","responseStatus":503},
           {"status":500,"path":null,"responseStatus":500,"cachingMinTtlSeconds":10}]},
          {"pattern":"/kept/*","origin":"app","cachePolicy":"kept","errorResponses":[
           {"status":404,"path":null,"responseStatus":404,"cachingMinTtlSeconds":10}]},
          {"pattern":"/own/*","origin":"app","cachePolicy":"own","errorResponses":[
           {"status":404,"path":null,"responseStatus":404,"cachingMinTtlSeconds":10}]}],
         "defaultBehaviour":{"errorResponses":[{"status":404,"path":"/page.html"}]}}\
        """
            .formatted(origin.port()));
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
    await().until(() -> get(HOST, "/").text().equals("home"));
  }

  /** Answers with the status that the path ends in. */
  private static void answer(OriginServer.Request request) throws IOException {
    request.drain();
    String path = request.requestLine().split(" ", -1)[1];
    request.send(
        "HTTP/1.1 "
            + path.substring(path.lastIndexOf('/') + 1)
            + " Said\r\nContent-Length: 4\r\nVary: X-Kind\r\n\r\nsaid");
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    api.close();
    origin.close();
  }

  private static RawClient.Response get(String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(host, path, headers).read();
    }
  }

  /** Of a request that is made. */
  private static Map<String, Object> why(String host, String path, String... headers)
      throws IOException {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = MEMBER;
    all[1] = "Portico-Explain: json";
    return JSON.readValue(get(host, path, all).text(), Argument.mapOf(String.class, Object.class));
  }

  private static Object at(Object node, String... path) {
    Object at = node;
    for (String key : path) {
      at = at instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return Objects.requireNonNullElse(at, "none");
  }

  /** Header field to what has set it. */
  private static Map<String, String> by(Map<String, Object> explanation) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Object each : (List<?>) at(explanation, "headers")) {
      all.put(String.valueOf(at(each, "name")), String.valueOf(at(each, "by")));
    }
    return all;
  }

  @Test
  void headerRulesAreNamedForThePageOfAnOriginsError() throws IOException {
    Map<String, Object> why = why(HOST, "/app/502");
    assertThat(by(why))
        .containsEntry("X-All", "_headers:1")
        .containsEntry("Access-Control-Allow-Origin", "_headers:1")
        .containsEntry("X-Robots-Tag", "_headers:1")
        .containsEntry("Content-Type", "file")
        .containsEntry("Vary", "behaviours[1].errorResponses[1]")
        .containsEntry("Cache-Status", "cache");
    assertThat(String.valueOf(at(why, "headerRules"))).contains("rule=_headers:1");
    Map<String, Object> preview = why(PREVIEW + "--" + HOST, "/app/502");
    assertThat(by(preview)).containsEntry("X-All", "_headers:1");
    assertThat(by(preview)).containsEntry("X-Robots-Tag", "preview");
  }

  @Test
  void whichErrorResponseMadeTheAnswerIsSaid() throws IOException {
    Map<String, Object> shown = why(HOST, "/app/502");
    assertThat(at(shown, "status")).isEqualTo(200);
    assertThat(at(shown, "file", "path")).isEqualTo("/page.html");
    assertThat(at(shown, "deployment")).isEqualTo(LIVE);
    assertThat(at(shown, "errorResponse"))
        .isEqualTo(
            Map.of(
                "rule",
                "behaviours[1].errorResponses[1]",
                "status",
                502,
                "page",
                "/page.html",
                "shown",
                true));
    Map<String, Object> file = why(HOST, "/nothing");
    assertThat(at(file, "errorResponse", "rule")).isEqualTo("defaultBehaviour.errorResponses[0]");
    assertThat(at(file, "errorResponse", "shown")).isEqualTo(true);
    String alone = get(HOST, "/app/502", MEMBER, "Portico-Explain: 1").header("portico-explain");
    assertThat(alone).contains("\"errorResponse\":{\"rule\":\"behaviours[1].errorResponses[1]\"");
  }

  @Test
  void whyNoPageIsShownIsSaid() throws IOException {
    Map<String, Object> missing = why(HOST, "/app/404");
    assertThat(at(missing, "status")).isEqualTo(404);
    assertThat(at(missing, "deployment")).isEqualTo("none");
    assertThat(at(missing, "errorResponse", "status")).isEqualTo(404);
    assertThat(at(missing, "errorResponse", "page")).isEqualTo("/away.html");
    assertThat(at(missing, "errorResponse", "shown")).isEqualTo(false);
    assertThat(at(missing, "errorResponse", "because")).isEqualTo("missing");
    Map<String, Object> program = why(HOST, "/app/502", "Accept: application/json");
    assertThat(at(program, "status")).isEqualTo(502);
    assertThat(at(program, "errorResponse", "because")).isEqualTo("not-accepted");
    Map<String, Object> failed = why(HOST, "/app/503");
    assertThat(at(failed, "status")).isEqualTo(503);
    assertThat(at(failed, "errorResponse", "shown")).isEqualTo(false);
    assertThat(at(failed, "errorResponse", "because")).isEqualTo("failed");
    for (String path : List.of("/app/500", "/app/200", "/")) {
      assertThat(at(why(HOST, path), "errorResponse")).as(path).isEqualTo("none");
    }
  }

  /** Over the API too, of what is answered without asking anybody. */
  @Test
  void anErrorThatIsKnownIsExplainedOverTheApi() throws IOException {
    String asked = "/v1/sites/demo/explain?url=/nothing";
    RawClient.Response answer = get("localhost", asked, MEMBER);
    Map<String, Object> why =
        JSON.readValue(answer.text(), Argument.mapOf(String.class, Object.class));
    assertThat(at(why, "errorResponse", "rule")).isEqualTo("defaultBehaviour.errorResponses[0]");
    assertThat(at(why, "errorResponse", "shown")).isEqualTo(true);
  }

  @Test
  void bothKindsOfRulesAreNamedWhereBothSayWhatThePageVariesBy() throws IOException {
    Map<String, Object> why = why(HOST, "/plain/none");
    assertThat(at(why, "status")).isEqualTo(404);
    assertThat(by(why)).containsEntry("Vary", "_headers:5, _redirects");
  }

  @Test
  void theTimeOfAnErrorIsThatOfWhoSaysTheMost() throws IOException {
    for (int i = 0; i < 2; i++) { // of the origin, then from memory
      assertThat(at(why(HOST, "/kept/404"), "cache", "decidedBy"))
          .isEqualTo("cachingMinTtlSeconds of the behaviour's errorResponses");
      assertThat(at(why(HOST, "/own/404"), "cache", "decidedBy"))
          .isEqualTo("errorTtlSeconds of the cache policy");
    }
  }
}
