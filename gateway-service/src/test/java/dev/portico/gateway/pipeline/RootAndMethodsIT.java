package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Default root objects of sites and cached methods of behaviours, through the whole gateway. */
class RootAndMethodsIT {
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    content = new ContentFeedServer();
    origin =
        new OriginServer(
            request -> {
              request.drain();
              String line = request.requestLine().replace(" HTTP/1.1", "");
              String body = line.startsWith("HEAD ") ? "" : line;
              request.send(
                  "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nETag: \"1\"\r\n"
                      + "Content-Length: "
                      + line.length()
                      + "\r\n\r\n"
                      + body);
            });
    content.publish(
        "files",
        "aaaaaaaaaaaaaaaaaaaa",
        Page.html("/index.html", "index"),
        Page.html("/home page.html", "home"),
        Page.html("/docs/index.html", "docs"),
        Page.of("/main.0a1b2c3d.js", "text/javascript", "1"));
    content.settings(
        "files",
        "{\"files\":{\"pretty\":true,\"notFound\":\"page\"},"
            + "\"defaultRootObject\":\"home%20page.html\"}");
    content.publish("none", "aaaaaaaaaaaaaaaaaaaa", Page.html("/index.html", "index of the other"));
    content.settings("none", "{\"defaultRootObject\":\"away.html\"}");
    content.publish(
        "hashed", "aaaaaaaaaaaaaaaaaaaa", Page.of("/main.0a1b2c3d.js", "text/javascript", "1"));
    content.settings("hashed", "{\"defaultRootObject\":\"main.0a1b2c3d.js\"}");
    content.settings(
        "edge",
        """
        {"defaultRootObject":"start%%20here",
         "origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":%d}],
         "cachePolicies":[{"id":"kept","maxTtlSeconds":3600,
          "headers":{"mode":"only","names":["origin"]}}],
         "behaviours":[
          {"pattern":"/apart/*","origin":"app","cachePolicy":"kept",
           "allowedMethods":["GET","HEAD","OPTIONS"],"cachedMethods":["GET","HEAD","OPTIONS"]},
          {"pattern":"/alone/*","origin":"app",
           "allowedMethods":["GET","HEAD","OPTIONS"],"cachedMethods":["GET","HEAD","OPTIONS"]},
          {"pattern":"/passed/*","origin":"app","cachePolicy":"kept",
           "allowedMethods":["GET","HEAD","OPTIONS"]}],
         "defaultBehaviour":{"origin":"app","cachePolicy":"kept",
          "allowedMethods":["GET","HEAD","POST"]}}\
        """
            .formatted(origin.port()));
    gateway =
        new RunningGateway(
            "portico.origin.content-internal",
            content.address(),
            "portico.origin.content-secret",
            ContentFeedServer.SECRET,
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void served() {
    await().until(() -> ask("files", "GET", "/docs/").text().equals("docs"));
  }

  private static RawClient.Response ask(String site, String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer
          .send(RawClient.head(method, site + ".localhost", path, headers))
          .read(!method.equals("HEAD"));
    }
  }

  private static long asked(String line) {
    return origin.requests().stream()
        .filter(request -> request.requestLine().startsWith(line + ' '))
        .count();
  }

  private static String cacheStatus(String method, String path, String... headers)
      throws IOException {
    return ask("edge", method, path, headers).header("cache-status");
  }

  @Test
  void theRootOfADeploymentIsItsObject() throws IOException {
    assertThat(ask("files", "GET", "/").text()).isEqualTo("home");
    assertThat(ask("files", "GET", "/?a=b").text()).isEqualTo("home");
    assertThat(ask("files", "HEAD", "/").header("content-length")).isEqualTo("4");
    // Not of folders.
    assertThat(ask("files", "GET", "/docs/").text()).isEqualTo("docs");
    // Where the pretty address of the page would be another one, it is what was asked for.
    assertThat(ask("files", "GET", "/home%20page.html").status()).isEqualTo(301);
  }

  @Test
  void anObjectThatIsNotThereLeavesTheRootAsItWas() throws IOException {
    assertThat(ask("none", "GET", "/").text()).isEqualTo("index of the other");
  }

  /** Its name says something about its own address alone. */
  @Test
  void theRootIsNeverImmutable() throws IOException {
    assertThat(ask("hashed", "GET", "/").header("cache-control")).doesNotContain("immutable");
    assertThat(ask("hashed", "GET", "/main.0a1b2c3d.js").header("cache-control"))
        .contains("immutable");
  }

  /** It is stored under the address that was asked for, with what the policy has in the key. */
  @Test
  void anOriginIsAskedForTheObject() throws IOException {
    RawClient.Response first = ask("edge", "GET", "/?utm=1");
    assertThat(first.text()).isEqualTo("GET /start%20here");
    assertThat(cacheStatus("GET", "/?utm=2")).startsWith("portico; hit");
    assertThat(cacheStatus("HEAD", "/")).startsWith("portico; hit");
    assertThat(ask("edge", "GET", "/start").text()).isEqualTo("GET /start");
    assertThat(cacheStatus("GET", "/start%20here")).startsWith("portico; fwd=uri-miss");
    content.invalidate("edge", List.of("/"), List.of());
    await().until(() -> cacheStatus("GET", "/").startsWith("portico; fwd"));
    assertThat(ask("edge", "POST", "/", "Content-Length: 0").text())
        .isEqualTo("POST /start%20here");
    assertThat(cacheStatus("GET", "/")).startsWith("portico; fwd");
  }

  /** Against RFC 9110, section 9.3.7, since the site asks for it; kept apart from GET. */
  @Test
  void answersToOptionsAreCachedWhereTheSiteWantsIt() throws IOException {
    assertThat(ask("edge", "GET", "/apart/a").text()).isEqualTo("GET /apart/a");
    RawClient.Response first = ask("edge", "OPTIONS", "/apart/a");
    assertThat(first.text()).isEqualTo("OPTIONS /apart/a");
    assertThat(first.header("cache-status")).startsWith("portico; fwd=uri-miss");
    RawClient.Response second = ask("edge", "OPTIONS", "/apart/a");
    assertThat(second.text()).isEqualTo("OPTIONS /apart/a");
    assertThat(second.header("cache-status")).startsWith("portico; hit");
    assertThat(cacheStatus("OPTIONS", "/apart/a", "Origin: https://a.example"))
        .startsWith("portico; fwd=uri-miss");
    assertThat(ask("edge", "GET", "/apart/a").text()).isEqualTo("GET /apart/a");
    assertThat(asked("OPTIONS /apart/a")).isEqualTo(2);
    assertThat(asked("GET /apart/a")).isEqualTo(1);
  }

  /** Conditions and ranges are of GET; a body is in no key. */
  @Test
  void whatIsNotPlainIsPassedOn() throws IOException {
    assertThat(cacheStatus("OPTIONS", "/apart/b", "Range: bytes=0-1"))
        .startsWith("portico; fwd=method");
    assertThat(cacheStatus("OPTIONS", "/apart/b", "Content-Length: 0"))
        .startsWith("portico; fwd=uri-miss");
  }

  @Test
  void otherwiseOptionsIsPassedOn() throws IOException {
    for (String path : List.of("/passed/a", "/alone/a")) {
      for (int i = 0; i < 2; i++) {
        assertThat(cacheStatus("OPTIONS", path)).startsWith("portico; fwd=method");
      }
    }
  }
}
