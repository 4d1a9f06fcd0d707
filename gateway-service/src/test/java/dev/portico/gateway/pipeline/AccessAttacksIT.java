package dev.portico.gateway.pipeline;

import static dev.portico.gateway.fixture.RawHttp2Client.DATA;
import static dev.portico.gateway.fixture.RawHttp2Client.END_HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.END_STREAM;
import static dev.portico.gateway.fixture.RawHttp2Client.HEADERS;
import static dev.portico.gateway.fixture.RawHttp2Client.PREFACE;
import static dev.portico.gateway.fixture.RawHttp2Client.SETTINGS;
import static dev.portico.gateway.fixture.RawHttp2Client.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RawHttp2Client;
import dev.portico.gateway.fixture.RunningGateway;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody would try who wants to be taken for another, or to see what another was shown. */
class AccessAttacksIT {
  private static final String HOST = "demo.localhost";
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final BlockingQueue<String> BODIES = new LinkedBlockingQueue<>();

  private static final String SETTINGS_OF_SITE =
      """
      {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":PORT}],
       "accessPolicies":[
         {"id":"told","signedIn":true,"groups":{"any":["staff"],"all":[]},
          "credentials":["session"],"identityToken":true,
          "forwardClaims":[{"claim":"email","header":"X-User-Email"},
            {"claim":"username","header":"X_User_Name"}]}],
       "behaviours":[
         {"pattern":"/told/*","origin":"app","accessPolicy":"told","allowedMethods":METHODS},
         {"pattern":"/open/*","origin":"app","allowedMethods":METHODS}]}\
      """;

  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static RunningGateway gateway;
  private static String ann;
  private static String annsSession;

  @BeforeAll
  static void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    origin = new OriginServer(AccessAttacksIT::app);
    content.publish("demo", "aaaaaaaaaaaaaaaaaaaa", Page.html("/index.html", "home"));
    content.settings(
        "demo",
        SETTINGS_OF_SITE
            .replace("PORT", String.valueOf(origin.port()))
            .replace(
                "METHODS", "[\"GET\",\"HEAD\",\"OPTIONS\",\"PUT\",\"POST\",\"PATCH\",\"DELETE\"]"));
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
            "portico.origin.allowed-inner",
            "127.0.0.0/8");
    await().until(gateway::ready);
    await().until(() -> get("/open/ready").status() == 200);
    annsSession = "__Host-portico=" + auth.session("demo", auth.signIn("ann", "staff"));
    ann = "Cookie: " + annsSession;
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
  }

  @BeforeEach
  void forget() {
    BODIES.clear();
  }

  /** Hands over what follows the head, trailers included, where the path says so. */
  private static void app(OriginServer.Request request) throws IOException {
    String target = request.requestLine().split(" ", -1)[1];
    if (target.contains("trailers")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (!all.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = request.in().read();
        if (next < 0) {
          throw new IOException("body cut");
        }
        all.write(next);
      }
      BODIES.add(all.toString(StandardCharsets.ISO_8859_1));
    } else {
      request.drain();
    }
    String cookie = target.contains("cookies") ? annsSession : "theme=dark";
    String body =
        "token=%s email=%s"
            .formatted(request.header("portico-identity-token"), request.header("x-user-email"));
    request.send(
        "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nCache-Control: no-store\r\n"
                .formatted(body.length())
            + "Set-Cookie: lang=de\r\nSet-Cookie: %s; Path=/; Secure\r\n\r\n".formatted(cookie)
            + body);
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(HOST, path, headers).read();
    }
  }

  private static String fresh(String folder) {
    return "/" + folder + "/" + PATHS.incrementAndGet();
  }

  private static String sent() {
    return origin.requests().getLast().headers().toString();
  }

  /** A connection of HTTP/2 in clear text. */
  private static RawHttp2Client http2() throws IOException {
    RawHttp2Client viewer =
        new RawHttp2Client(new Socket(InetAddress.getLoopbackAddress(), gateway.port()));
    viewer.send(PREFACE);
    viewer.send(SETTINGS, 0, 0, new byte[0]);
    return viewer;
  }

  private static byte[] fields(String method, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":authority", HOST, ":path", path));
    fields.addAll(Arrays.asList(more));
    return block(fields.toArray(String[]::new));
  }

  private static String status(String path, String... more) throws IOException {
    try (RawHttp2Client viewer = http2()) {
      viewer.send(HEADERS, END_HEADERS | END_STREAM, 1, fields("GET", path, more));
      Http2Headers answer = viewer.fields(viewer.read(HEADERS));
      return String.valueOf(answer.status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/told/trailers", "/open/trailers"})
  void nobodySaysWhoItIsBehindTheBody(String path) throws Exception {
    String head =
        RawClient.head(
            "PUT", HOST, path, ann, "Origin: http://" + HOST, "Transfer-Encoding: chunked");
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.send(
          head
              + "3\r\nabc\r\n0\r\nX-Sum: 42\r\n"
              + "Portico-Identity-Token: forged\r\nportico_identity_token: forged\r\n"
              + "X-User-Email: forged\r\nx_user_email: forged\r\nX-User_Email: forged\r\n"
              + "X_User_Name: forged\r\nX-User-Name: forged\r\n"
              + "X_Forwarded_For: forged\r\nCloudFront_Viewer_Address: forged\r\n\r\n");
      assertThat(viewer.read().status()).isEqualTo(200);
    }
    assertThat(BODIES.poll(20, TimeUnit.SECONDS))
        .isEqualToIgnoringCase("3\r\nabc\r\n0\r\nX-Sum: 42\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/told/trailers", "/open/trailers"})
  void nobodySaysWhoItIsBehindTheBodyOfHttp2(String path) throws Exception {
    try (RawHttp2Client viewer = http2()) {
      viewer.send(
          HEADERS,
          END_HEADERS,
          1,
          fields("PUT", path, "cookie", annsSession, "origin", "http://" + HOST));
      viewer.send(DATA, 0, 1, "abc".getBytes(StandardCharsets.US_ASCII));
      viewer.send(
          HEADERS,
          END_HEADERS | END_STREAM,
          1,
          block(
              "x-sum", "42",
              "portico-identity-token", "forged",
              "portico_identity-token", "forged",
              "x-user-email", "forged",
              "x_user_email", "forged",
              "x_user_name", "forged",
              "x-user-name", "forged"));
      assertThat(viewer.fields(viewer.read(HEADERS)).status()).hasToString("200");
    }
    assertThat(BODIES.poll(20, TimeUnit.SECONDS))
        .containsIgnoringCase("x-sum: 42")
        .doesNotContain("forged");
  }

  /** Servers that hand fields on as variables take them for the same. */
  @ParameterizedTest
  @ValueSource(strings = {"told", "open"})
  void underscoresAreNoOtherName(String folder) throws IOException {
    RawClient.Response answer =
        get(
            fresh(folder),
            ann,
            "X_User_Email: forged",
            "X-User_Email: forged",
            "X-User-Name: forged",
            "Portico_Identity_Token: forged",
            "X_Forwarded_For: forged",
            "X-Forwarded_Proto: forged",
            "x_real_ip: forged",
            "X_Request_Id: forged",
            "CloudFront_Viewer_Address: forged");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(sent()).doesNotContain("forged");
  }

  /** What Connection names is taken away from what the viewer sent, not from what it is told. */
  @Test
  void connectionTakesNothingAway() throws IOException {
    get(
        fresh("told"),
        ann,
        "X-User-Email: forged",
        "Connection: x-user-email, x_user_name, portico-identity-token, x-forwarded-for");
    OriginServer.Request request = origin.requests().getLast();
    assertThat(request.header("x-user-email")).isEqualTo("ann@example.com");
    assertThat(request.header("x_user_name")).isEqualTo("ann");
    assertThat(request.header("portico-identity-token")).isEqualTo("identity.of.ann");
    assertThat(request.header("x-forwarded-for")).isEqualTo("127.0.0.1");
  }

  @Test
  void http2IsGuardedLikeHttp1() throws IOException {
    int asked = origin.requests().size();
    for (String path : new String[] {"/told/a", "//told/a", "/open/..%2Ftold/a", "/told;a=b/a"}) {
      assertThat(status(path)).as(path).isEqualTo("401");
      assertThat(status(path, "x-user-email", "ann@example.com")).as(path).isEqualTo("401");
      assertThat(status(path, "cookie", "__Host-portico=" + "A".repeat(43))).isEqualTo("401");
    }
    assertThat(origin.requests()).hasSize(asked);
    // Cookies may come in pieces (RFC 9113, section 8.2.3).
    String[] mine = {
      "cookie", "a=b", "cookie", annsSession, "cookie", "c=d", "x-user-email", "forged"
    };
    assertThat(status(fresh("told"), mine)).isEqualTo("200");
    OriginServer.Request request = origin.requests().getLast();
    assertThat(request.header("x-user-email")).isEqualTo("ann@example.com");
    assertThat(request.header("cookie")).isEqualTo("a=b; c=d");
    assertThat(status(fresh("told"), "cookie", annsSession, "cookie", "__Host-portico=other"))
        .as("two are none")
        .isEqualTo("401");
  }

  private static final String[] UPGRADE = {
    "Connection: Upgrade, X-User-Email",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "X-User-Email: forged",
    "X_User_Email: forged"
  };

  private static String[] upgrade(String... more) {
    String[] all = Arrays.copyOf(UPGRADE, UPGRADE.length + more.length);
    System.arraycopy(more, 0, all, UPGRADE.length, more.length);
    return all;
  }

  @Test
  void anUpgradeIsGuardedLikeAnyRequest() throws IOException {
    int asked = origin.requests().size();
    assertThat(get(fresh("told"), upgrade()).status()).isEqualTo(401);
    assertThat(get(fresh("told"), upgrade("Origin: http://" + HOST)).status()).isEqualTo(401);
    assertThat(get(fresh("told"), upgrade(ann)).status()).as("by whom?").isEqualTo(403);
    assertThat(get(fresh("told"), upgrade(ann, "Origin: http://evil.localhost")).status())
        .isEqualTo(403);
    assertThat(get(fresh("told"), upgrade(ann, "Origin: http://" + HOST + ".evil")).status())
        .isEqualTo(403);
    assertThat(origin.requests()).hasSize(asked);
    assertThat(get(fresh("told"), upgrade(ann, "Origin: http://" + HOST)).status()).isEqualTo(200);
    assertThat(origin.requests().getLast().header("upgrade")).isEqualTo("websocket");
    assertThat(sent()).contains("ann@example.com").doesNotContain("forged");
  }

  /** Whatever somebody calls itself. */
  @Test
  void nobodysNameEndsALine() throws IOException {
    String evil = "eve\r\nX-Evil: yes\r\n\r\n<script>alert(1)</script>";
    String staff = "Cookie: __Host-portico=" + auth.session("demo", auth.signIn(evil, "staff"));
    assertThat(get(fresh("told"), staff).status()).isEqualTo(200);
    OriginServer.Request request = origin.requests().getLast();
    assertThat(request.headers()).doesNotContainKey("x-evil");
    assertThat(request.header("x_user_name")).startsWith("eve%0D%0AX-Evil");
    String guest = "Cookie: __Host-portico=" + auth.session("demo", auth.signIn(evil, "guests"));
    RawClient.Response refused =
        get(fresh("told"), guest, "Accept: text/html", "Sec-Fetch-Mode: navigate");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("x-evil")).isEmpty();
    assertThat(refused.text()).contains("eve").doesNotContain("<script>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/told/%0d%0aX-Evil:%20yes",
        "/told/a?b=%0d%0aX-Evil:%20yes",
        "/.portico/auth/sign-in?return=/%0d%0aX-Evil:%20yes",
        "/.portico/auth/sign-out?return=/%0d%0aX-Evil:%20yes"
      })
  void noAddressSplitsAnAnswer(String target) throws IOException {
    RawClient.Response answer = get(target, "Accept: text/html", "Sec-Fetch-Mode: navigate");
    assertThat(answer.header("x-evil")).isEmpty();
    assertThat(answer.text()).doesNotContain("\nX-Evil");
  }

  /** It could sign its viewers in as somebody else, or out. */
  @Test
  void anOriginSetsNoCookieOfPorticos() throws IOException {
    for (String folder : new String[] {"told", "open"}) {
      RawClient.Response answer = get(fresh(folder) + "/cookies", ann);
      assertThat(answer.header("set-cookie")).as(folder).isEqualTo("lang=de");
    }
  }

  @Test
  void whatIsOverIsRefusedOnTheSameConnection() throws IOException {
    AuthInternalServer.SignIn ivo = auth.signIn("ivo", "staff");
    String cookie = "Cookie: __Host-portico=" + auth.session("demo", ivo);
    try (RawClient viewer = new RawClient(gateway.port())) {
      for (int i = 0; i < 3; i++) {
        assertThat(viewer.get(HOST, fresh("told"), cookie).read().status()).isEqualTo(200);
      }
      assertThat(viewer.get(HOST, fresh("told"), ann).read().text()).contains("identity.of.ann");
      assertThat(viewer.get(HOST, fresh("told"), cookie).read().text()).contains("identity.of.ivo");
      auth.end(ivo);
      await().until(() -> viewer.get(HOST, fresh("told"), cookie).read().status() == 401);
      assertThat(viewer.get(HOST, fresh("told"), cookie).read().status()).isEqualTo(401);
      assertThat(viewer.get(HOST, fresh("told"), ann).read().status()).isEqualTo(200);
      assertThat(viewer.get(HOST, fresh("told")).read().status()).as("nobody").isEqualTo(401);
    }
  }
}
