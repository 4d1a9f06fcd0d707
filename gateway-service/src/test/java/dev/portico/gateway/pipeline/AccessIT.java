package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.CookieBrowser;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCustomPolicy;
import software.amazon.awssdk.services.cloudfront.model.CannedSignerRequest;
import software.amazon.awssdk.services.cloudfront.model.CustomSignerRequest;

/** Every rule over real sockets: who is let in, who is not, and what nobody gets who is not. */
class AccessIT {
  private static final String FIRST = "aaaaaaaaaaaaaaaaaaaa";
  private static final String HOST = "demo.localhost";
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final CountDownLatch TOGETHER = new CountDownLatch(2);

  /** Of "correct horse battery". */
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg"
          + "$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvdAcBeUcdAUUc";

  private static final String SETTINGS =
      """
      {"files":{"pretty":true,"notFound":"spa"},
       "origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":APP},
                  {"id":"rights","protocol":"http","host":"127.0.0.1","port":RIGHTS}],
       "accessPolicies":[
         {"id":"staff","signedIn":true,"groups":{"any":["staff"],"all":[]},
          "credentials":["session","bearer"],"identityToken":false},
         {"id":"told","signedIn":true,"credentials":["session"],"identityToken":true,
          "forwardClaims":[{"claim":"email","header":"X-User-Email"}]},
         {"id":"team","signedIn":true,"member":"publisher","credentials":["session"]},
         {"id":"reds","signedIn":true,"claims":[{"name":"teams","values":["blue","team-of-ann"]}],
          "credentials":["session"],"identityToken":false,
          "forwardClaims":[{"claim":"teams","header":"X-Teams"}]},
         {"id":"nick","signedIn":true,"credentials":["session"],"identityToken":false,
          "forwardClaims":[{"claim":"nickname","header":"X-Nick"}]},
         {"id":"programs","signedIn":true,"credentials":["bearer"]},
         {"id":"net","requiredAddresses":["10.0.0.0/8"]},
         {"id":"local","requiredAddresses":["127.0.0.0/8"]},
         {"id":"exempt","exemptAddresses":["127.0.0.1"],"signedIn":true,"credentials":["session"]},
         {"id":"shared","password":{"value":"HASH","rememberSeconds":3600}},
         {"id":"sold","signedRequests":{"keyGroups":["sales"]}},
         {"id":"asked","authorizer":{"origin":"rights","path":"/check","cacheSeconds":60,
          "forwardHeaders":["X-Key"],"contextHeaders":["X-Plan"]}},
         {"id":"new","signedIn":true,"device":"known","credentials":["session"]},
         {"id":"nothing","exemptAddresses":["10.0.0.1"]}],
       "signIn":{"title":"Demo","accent":"#0b5fff","logo":"/logo.svg"},
       "responseHeadersPolicies":[{"id":"assets",
         "custom":[{"name":"Cache-Control","value":"public, max-age=3600","override":true},
           {"name":"X-Team","value":"a","override":true}],
         "remove":["Set-Cookie","WWW-Authenticate"]}],
       "cachePolicies":[{"id":"cookies","minTtlSeconds":0,"defaultTtlSeconds":0,
         "maxTtlSeconds":3600,"unsafeMinTtl":false,"headers":{"mode":"none","names":[]},
         "cookies":{"mode":"all","names":[]},"query":{"mode":"none","names":[]},
         "sortQuery":false,"gzip":false,"brotli":false,"errorTtlSeconds":{},
         "viewerDirectives":false}],
       "publicKeys":[{"id":"K1","key":"KEY"}],
       "keyGroups":[{"id":"sales","publicKeys":["K1"]}],
       "behaviours":[
         {"pattern":"/staff/*","origin":"app","accessPolicy":"staff","allowedMethods":METHODS,
          "errorResponses":[{"status":403,"path":"/open.html","responseStatus":200,
            "cachingMinTtlSeconds":0}]},
         {"pattern":"/told/*","origin":"app","accessPolicy":"told","allowedMethods":METHODS,
          "responseHeadersPolicy":"assets"},
         {"pattern":"/team/*","origin":"app","accessPolicy":"team"},
         {"pattern":"/red/*","origin":"app","accessPolicy":"reds"},
         {"pattern":"/nick/*","origin":"app","accessPolicy":"nick"},
         {"pattern":"/programs/*","origin":"app","accessPolicy":"programs"},
         {"pattern":"/net/*","origin":"app","accessPolicy":"net"},
         {"pattern":"/local/*","origin":"app","accessPolicy":"local"},
         {"pattern":"/exempt/*","origin":"app","accessPolicy":"exempt"},
         {"pattern":"/shared/*","origin":"app","accessPolicy":"shared","allowedMethods":METHODS},
         {"pattern":"/sold/*","origin":"app","accessPolicy":"sold"},
         {"pattern":"/lent/*","origin":"app","accessPolicy":"sold","cachePolicy":"cookies",
          "allowedMethods":METHODS},
         {"pattern":"/asked/*","origin":"app","accessPolicy":"asked"},
         {"pattern":"/new/*","origin":"app","accessPolicy":"new"},
         {"pattern":"/nothing/*","origin":"app","accessPolicy":"nothing"},
         {"pattern":"/files/*","accessPolicy":"staff"},
         {"pattern":"/hidden.html","accessPolicy":"staff"},
         {"pattern":"/open/*","origin":"app",
          "errorResponses":[{"status":404,"path":"/files/secret.html","responseStatus":200,
            "cachingMinTtlSeconds":0}]}],
       "defaultBehaviour":{}}\
      """;

  private static final String METHODS =
      "[\"GET\",\"HEAD\",\"OPTIONS\",\"PUT\",\"POST\",\"PATCH\",\"DELETE\"]";

  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static OriginServer origin;
  private static OriginServer rights;
  private static RunningGateway gateway;
  private static KeyPair keys;
  private static String settings;

  private static String ann;
  private static String bob;
  private static AuthInternalServer.SignIn annsSignIn;

  @BeforeAll
  static void start() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    origin = new OriginServer(AccessIT::app);
    rights = new OriginServer(AccessIT::rights);
    settings =
        SETTINGS
            .replace("APP", String.valueOf(origin.port()))
            .replace("RIGHTS", String.valueOf(rights.port()))
            .replace("HASH", HASH)
            .replace("METHODS", METHODS)
            .replace(
                "KEY",
                "-----BEGIN PUBLIC KEY-----"
                    + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                    + "-----END PUBLIC KEY-----");
    content.publish("demo", FIRST, pages());
    content.settings("demo", settings);
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
    await().until(() -> get("/open.html").status() == 301);
    annsSignIn = auth.signIn("ann", "staff");
    ann = "Cookie: __Host-portico=" + auth.session("demo", annsSignIn);
    bob = "Cookie: __Host-portico=" + auth.session("demo", auth.signIn("bob", "guests"));
    content.member("demo", annsSignIn.subject(), "publisher");
  }

  private static Page[] pages() {
    return new Page[] {
      Page.html("/index.html", "application"),
      Page.html("/open.html", "open page"),
      Page.html("/hidden.html", "hidden page"),
      Page.html("/files/secret.html", "secret page"),
      Page.html("/files/404.html", "secret error page"),
      Page.html("/files/index.html", "secret index"),
      Page.of("/_headers", "text/plain", "/*\n  Cache-Control: public, max-age=600")
    };
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
    rights.close();
  }

  @BeforeEach
  void heal() {
    auth.away(false);
  }

  /** Says what it was asked, storable for all unless the path says otherwise. */
  private static void app(OriginServer.Request request) throws IOException {
    request.drain();
    String target = request.requestLine().split(" ", -1)[1];
    if (target.contains("tunnel")) {
      request.send(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nx");
      while (request.in().read() >= 0) {
        // Whatever comes.
      }
      return;
    }
    if (target.contains("together")) {
      TOGETHER.countDown();
      try {
        if (!TOGETHER.await(10, TimeUnit.SECONDS)) {
          request.send("HTTP/1.1 500 Alone\r\nContent-Length: 0\r\n\r\n");
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    String control =
        target.contains("by-all")
            ? "public, max-age=60"
            : target.contains("stale")
                ? "max-age=0, stale-while-revalidate=60"
                : target.contains("revalidated") ? "max-age=60, must-revalidate" : "max-age=60";
    String more =
        target.contains("plain")
            ? ""
            : "Vary: Portico-Identity-Token\r\nCDN-Cache-Control: max-age=99\r\n";
    String body =
        "%s token=%s email=%s plan=%s cookie=%s"
            .formatted(
                target,
                request.header("portico-identity-token"),
                request.header("x-user-email"),
                request.header("x-plan"),
                request.header("cookie"));
    int status = target.contains("missing") ? 404 : 200;
    request.send(
        "HTTP/1.1 %d OK\r\nContent-Length: %d\r\nCache-Control: %s\r\nETag: \"e\"\r\n"
                .formatted(status, body.length(), control)
            + more
            + "\r\n"
            + body);
  }

  private static void rights(OriginServer.Request request) throws IOException {
    request.drain();
    switch (request.header("x-key")) {
      case "good" ->
          request.send("HTTP/1.1 204 OK\r\nX-Plan: gold\r\nCache-Control: max-age=600\r\n\r\n");
      case "odd" -> request.send("HTTP/1.1 204 OK\r\nX-Plan: 50% gold; caf\u00e9\r\n\r\n");
      case "once" -> request.send("HTTP/1.1 204 OK\r\nX-Plan: silver\r\n\r\n");
      case "broken" -> request.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
      default -> request.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    }
  }

  private static RawClient.Response get(String path, String... headers) throws IOException {
    return at(HOST, path, headers);
  }

  private static RawClient.Response at(String host, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(host, path, headers).read();
    }
  }

  private static RawClient.Response ask(String method, String path, String... headers)
      throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head(method, HOST, path, headers)).read(!method.equals("HEAD"));
    }
  }

  /** What has failed at the gateway itself. */
  private static double failures() {
    return gateway
        .context()
        .getBean(MeterRegistry.class)
        .get("portico.gateway.failures")
        .tag("cause", "unavailable")
        .counter()
        .count();
  }

  private static String fresh(String folder) {
    return "/" + folder + "/" + PATHS.incrementAndGet();
  }

  private static final String[] BROWSER = {"Accept: text/html", "Sec-Fetch-Mode: navigate"};

  private static RawClient.Response browse(String path, @Nullable String cookie)
      throws IOException {
    return cookie == null ? get(path, BROWSER) : get(path, BROWSER[0], BROWSER[1], cookie);
  }

  @Test
  void whoIsNotSignedInIsLedToOrTold() throws IOException {
    RawClient.Response page = browse("/staff/a?b=c", null);
    assertThat(page.status()).isEqualTo(302);
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(auth.asked(page.header("location")))
        .containsEntry("site", "demo")
        .extractingByKey("signIn")
        .isEqualTo(
            Map.of("title", "Demo", "accent", "#0b5fff", "logo", "http://" + HOST + "/logo.svg"));
    RawClient.Response program = get("/staff/a", "Accept: application/json");
    assertThat(program.status()).isEqualTo(401);
    assertThat(program.header("www-authenticate")).isEqualTo("Bearer realm=\"portico\"");
    assertThat(program.header("content-type")).isEqualTo("application/problem+json");
    assertThat(program.header("cache-control")).isEqualTo("no-store");
    assertThat(ask("POST", "/staff/a", "Accept: text/html", "Content-Length: 0").status())
        .isEqualTo(401);
    assertThat(get("/staff/a", "Accept: text/html", "X-Requested-With: XMLHttpRequest").status())
        .isEqualTo(401);
  }

  /** Kept, it would lead browsers in circles; without its cookie nobody could sign in. */
  @Test
  void aResponseHeadersPolicyHasNoSayInARefusal() throws IOException {
    RawClient.Response sent = browse("/told/a", null);
    assertThat(sent.status()).isEqualTo(302);
    assertThat(sent.header("cache-control")).isEqualTo("no-store");
    assertThat(sent.header("set-cookie")).startsWith("__Host-portico-in-");
    RawClient.Response program = get("/told/a");
    assertThat(program.status()).isEqualTo(401);
    assertThat(program.header("cache-control")).isEqualTo("no-store");
    assertThat(program.header("www-authenticate")).startsWith("Bearer");
    RawClient.Response admitted = get(fresh("told"), ann);
    assertThat(admitted.header("x-team")).isEqualTo("a");
    assertThat(admitted.header("cache-control")).isEqualTo("private, max-age=3600");
  }

  @Test
  void groups() throws IOException {
    assertThat(get(fresh("staff"), ann).status()).isEqualTo(200);
    RawClient.Response refused = browse(fresh("staff"), bob);
    assertThat(refused.status()).as("no page of the site's in its place").isEqualTo(403);
    assertThat(refused.text())
        .contains("bob@example.com", "prompt=login", "/.portico/auth/sign-out")
        .doesNotContain("open page");
    assertThat(refused.header("cache-control")).isEqualTo("no-store");
    assertThat(get(fresh("staff"), bob, "Accept: application/json").text())
        .contains("access-denied");
  }

  @Test
  void membersOfTheSite() throws IOException {
    assertThat(get(fresh("team"), ann).status()).isEqualTo(200);
    assertThat(browse(fresh("team"), bob).status()).isEqualTo(403);
    assertThat(content.requests("/members/" + annsSignIn.subject())).hasSize(1);
  }

  @Test
  void addresses() throws IOException {
    assertThat(get(fresh("net"), ann).status()).isEqualTo(403);
    // What a viewer says of its address is believed of nobody who is no trusted proxy.
    assertThat(get(fresh("net"), "X-Forwarded-For: 10.0.0.1").status()).isEqualTo(403);
    assertThat(get(fresh("local")).status()).isEqualTo(200);
    assertThat(get(fresh("exempt")).status()).isEqualTo(200);
  }

  @Test
  void aPolicyThatIsNotUnderstoodLetsInNobody() throws IOException {
    RawClient.Response answer = get("/new/a", ann);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotEmpty();
    assertThat(get("/nothing/a").status()).as("it would let in everyone").isEqualTo(503);
  }

  @Test
  void theGatewaysCacheAnswersNobodyBeforeTheGuard() throws IOException {
    String path = fresh("staff");
    assertThat(get(path, ann).header("cache-status")).contains("fwd=uri-miss", "stored");
    RawClient.Response hit = get(path, ann);
    assertThat(hit.header("cache-status")).contains("hit");
    assertThat(hit.header("cache-control")).isEqualTo("private, max-age=60");
    assertThat(hit.header("cdn-cache-control")).isEmpty();
    int asked = origin.requests().size();
    for (String[] headers :
        new String[][] {
          {},
          {bob},
          {"Range: bytes=0-3"},
          {"If-None-Match: \"e\""},
          {"Cache-Control: only-if-cached"},
          {"Cookie: __Host-portico=forged"},
          {"Authorization: Bearer a.b.c"},
          {"X-User-Email: ann@example.com", "Portico-Identity-Token: identity.of.ann"}
        }) {
      RawClient.Response other = get(path, headers);
      assertThat(other.status())
          .isEqualTo(headers.length > 0 && headers[0].equals(bob) ? 403 : 401);
      assertThat(other.text()).doesNotContain("token=");
      // Of the refusal, and nothing of what is behind it.
      assertThat(other.header("cache-status")).startsWith("portico; detail=");
      assertThat(other.header("etag")).isEmpty();
    }
    assertThat(ask("HEAD", path).status()).isEqualTo(401);
    assertThat(ask("OPTIONS", path).status()).isEqualTo(401);
    assertThat(origin.requests()).hasSize(asked);
  }

  @Test
  void whoIsLetInGetsPartsAndNotModified() throws IOException {
    String path = fresh("staff");
    get(path, ann);
    RawClient.Response part = get(path, ann, "Range: bytes=0-3");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.header("cache-control")).startsWith("private");
    RawClient.Response same = get(path, ann, "If-None-Match: \"e\"");
    assertThat(same.status()).isEqualTo(304);
    assertThat(same.header("cache-control")).startsWith("private");
    String stale = fresh("staff") + "/stale";
    get(stale, ann);
    assertThat(get(stale, ann).header("cache-status")).contains("hit");
    assertThat(get(stale).status()).isEqualTo(401);
    assertThat(get(stale, bob).status()).isEqualTo(403);
  }

  @Test
  void originsAreToldWhoItIsAndNobodyElseGetsTheAnswer() throws IOException {
    String path = fresh("told");
    assertThat(get(path, ann).text())
        .contains("token=identity.of.ann", "email=ann@example.com", "cookie=");
    assertThat(get(path, bob).text()).contains("token=identity.of.bob", "email=bob@example.com");
    assertThat(get(path, ann).header("cache-status")).contains("fwd=").doesNotContain("hit");
    // What the origin gives to all it gives to all who are let in; but this one varies.
    String shared = fresh("told") + "/shared-by-all";
    assertThat(get(shared, ann).text()).contains("identity.of.ann");
    assertThat(get(shared, bob).text()).contains("identity.of.bob");
    assertThat(ask("HEAD", shared).status()).isEqualTo(401);
    assertThat(get(shared, "If-None-Match: \"e\"").status()).isEqualTo(401);
  }

  /** RFC 9111, section 3.5, lets must-revalidate share what somebody's page is. */
  @Test
  void onlyWhatIsMeantForAllIsShared() throws IOException {
    String own = fresh("told") + "/plain/revalidated";
    assertThat(get(own, ann).text()).contains("email=ann@example.com");
    assertThat(get(own, bob).text()).contains("email=bob@example.com");
    String all = fresh("told") + "/plain/by-all";
    assertThat(get(all, ann).text()).contains("email=ann@example.com");
    assertThat(get(all, bob).header("cache-status")).contains("hit");
  }

  /** That a claim is left out says something of a viewer, too. */
  @Test
  void whatIsAnsweredToWhoLacksAClaimIsNotForAll() throws IOException {
    String path = fresh("nick") + "/plain";
    assertThat(get(path, ann).status()).isEqualTo(200);
    assertThat(origin.requests().getLast().headers()).doesNotContainKey("x-nick");
    assertThat(get(path, bob).header("cache-status")).doesNotContain("hit");
    String all = fresh("nick") + "/plain/by-all";
    get(all, ann);
    assertThat(get(all, bob).header("cache-status")).contains("hit");
  }

  /** Both are asked for, or this would end in time-outs. */
  @Test
  void whoWaitsForTheSameGetsItsOwn() throws Exception {
    String path = fresh("told") + "/together";
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<RawClient.Response> anns = threads.submit(() -> get(path, ann));
      Future<RawClient.Response> bobs = threads.submit(() -> get(path, bob));
      assertThat(anns.get(20, TimeUnit.SECONDS).text()).contains("token=identity.of.ann");
      assertThat(bobs.get(20, TimeUnit.SECONDS).text()).contains("token=identity.of.bob");
    }
  }

  @Test
  void ofAClaimThatIsAListAnyElementCounts() throws IOException {
    assertThat(get(fresh("red"), ann, "X-Teams: forged").status()).isEqualTo(200);
    assertThat(origin.requests().getLast().header("x-teams")).isEqualTo("red,team-of-ann");
    int asked = origin.requests().size();
    assertThat(get(fresh("red"), bob).status()).isEqualTo(403);
    assertThat(origin.requests()).hasSize(asked);
  }

  @Test
  void whoIsCalledLikeAnEncodingIsNotTakenForAnother() throws IOException {
    assertThat(told("jürgen")).contains("email=j%C3%BCrgen@example.com ");
    assertThat(told("j%C3%BCrgen")).contains("email=j%25C3%25BCrgen@example.com ");
    assertThat(told("100%")).contains("email=100%25@example.com ");
  }

  private static String told(String username) throws IOException {
    String session = auth.session("demo", auth.signIn(username));
    return get(fresh("told"), "Cookie: __Host-portico=" + session).text();
  }

  @Test
  void nobodyElseSaysWhoItIs() throws IOException {
    String[] forged = {
      "Portico-Identity-Token: forged",
      "X-User-Email: forged@example.com",
      "X_User_Email: forged@example.com",
      "Portico_Identity-Token: forged",
      "Connection: portico-identity-token, x-user-email"
    };
    assertThat(get(fresh("open"), forged).text()).doesNotContain("forged");
    assertThat(origin.requests().getLast().headers().toString()).doesNotContain("forged");
    assertThat(get(fresh("open"), "X-Plan: forged").text()).doesNotContain("forged");
    String[] withAnn = {ann, forged[0], forged[1], forged[2], forged[3], forged[4]};
    assertThat(get(fresh("told"), withAnn).text())
        .contains("token=identity.of.ann", "email=ann@example.com")
        .doesNotContain("forged");
    assertThat(get(fresh("exempt"), forged).text()).doesNotContain("forged");
    assertThat(get(fresh("staff"), ann).text()).contains("token= email= plan= cookie=");
  }

  @Test
  void whatOtherSitesMakeABrowserSendIsRefused() throws IOException {
    String[] own = {ann, "Content-Length: 0", "Origin: http://" + HOST};
    assertThat(ask("POST", fresh("staff"), own).status()).isEqualTo(200);
    for (String[] other :
        new String[][] {
          {ann, "Content-Length: 0"},
          {ann, "Content-Length: 0", "Origin: http://evil.localhost"},
          {ann, "Content-Length: 0", "Origin: null"},
          {ann, "Content-Length: 0", "Sec-Fetch-Site: cross-site"},
          {ann, "Content-Length: 0", "Sec-Fetch-Site: same-site"}
        }) {
      RawClient.Response answer = ask("POST", fresh("staff"), other);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).contains("cross-origin");
    }
    String[] upgrade = {
      ann, "Connection: Upgrade", "Upgrade: websocket", "Origin: http://evil.localhost"
    };
    assertThat(get(fresh("staff"), upgrade).status()).isEqualTo(403);
  }

  /** Where it is not the file's own path, the file is not there: the application answers. */
  @ParameterizedTest
  @CsvSource({
    "/files/secret, 401",
    "/files/secret.html, 401",
    "/files/, 401",
    "/files, 200",
    "/files/none, 401",
    "//files/secret, 401",
    "/files//secret, 401",
    "/x/..;/files/secret, 401",
    "/x;/../files/secret, 401",
    "/files;a=b/secret, 401",
    "/files/secret;a=b, 401",
    "/%66iles/secret, 401",
    "/files%2Fsecret, 401",
    "/x/..%2Ffiles/secret, 401",
    "/./files/secret, 401",
    "/x/../files/secret, 401",
    "/x/%2e%2e/files/secret, 401",
    "/files/%2e/secret, 401",
    "/files/secret?a=b, 401",
    "/files/secret#a, 400",
    "/files\\secret, 400",
    "/files/%00secret, 400",
    "/files/%5Csecret, 400",
    "/files/%c0%afsecret, 400",
    "/%2566iles/secret, 200",
    "/FILES/secret, 200",
    "/hidden, 200",
    "/hidden.html, 401",
    "/hidden.html/, 200",
    "/hidden;a, 200",
    "/hidden.html;a, 401"
  })
  void filesAreGuardedByWhateverName(String path, int status) throws IOException {
    RawClient.Response answer = get(path);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).doesNotContain("secret", "hidden page");
    if (status == 200) {
      assertThat(answer.text()).isEqualTo("application");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//staff/a",
        "/staff//a",
        "/%73taff/a",
        "/x/..%2Fstaff/a",
        "/staff;x=y/a",
        "/staff%2Fa",
        "/open/..;/staff/a",
        "/open/../staff/a",
        "/open/%2e%2e/staff/a",
        "/open/..%2Fstaff/a",
        "/open/;/../../staff/a",
        "/open%2F..%2Fstaff/..;/open/a",
        "/%2Fstaff%2F..%2Fopen/a"
      })
  void pathsOfOriginsAreGuardedHoweverTheyAreWritten(String path) throws IOException {
    int asked = origin.requests().size();
    assertThat(get(path).status()).isEqualTo(401);
    assertThat(origin.requests()).hasSize(asked);
  }

  @Test
  void filesForWhoIsLetIn() throws IOException {
    RawClient.Response page = get("/files/secret", ann);
    assertThat(page.text()).isEqualTo("secret page");
    assertThat(page.header("cache-control")).doesNotContain("public").contains("private");
    assertThat(get("/files/secret", ann).text()).isEqualTo("secret page");
    assertThat(get("/files/secret").status()).isEqualTo(401);
    assertThat(get("/files/secret", "If-None-Match: " + page.header("etag")).status())
        .isEqualTo(401);
  }

  /** A page in place of an error is of a path too. */
  @Test
  void aPageForAnErrorBypassesNothing() throws IOException {
    RawClient.Response missing = get("/open/missing", "Accept: text/html");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.text()).doesNotContain("secret page");
  }

  @Test
  void aPasswordLetsABrowserIn() throws IOException {
    CookieBrowser browser = new CookieBrowser(gateway.port(), HOST + ":" + gateway.port());
    RawClient.Response page = browser.visit("/shared/a?b=c");
    assertThat(page.status()).isEqualTo(401);
    assertThat(page.text()).contains("type=\"password\"", "return=/shared/a%3Fb%3Dc");
    assertThat(browser.visit("/shared/a", "Accept-Language: de").text()).contains("Passwort");
    String form = "/.portico/password?policy=shared&return=/shared/a%3Fb%3Dc";
    String own = "Origin: http://" + HOST + ":" + gateway.port();
    assertThat(browser.submit(form, "password=wrong", own).status()).isEqualTo(401);
    assertThat(browser.cookies()).isEmpty();
    assertThat(browser.submit(form, "password=correct+horse+battery").status()).isEqualTo(403);
    RawClient.Response entered = browser.submit(form, "password=correct+horse+battery", own);
    assertThat(entered.status()).isEqualTo(303);
    assertThat(entered.header("location")).isEqualTo("/shared/a?b=c");
    RawClient.Response answer = browser.visit("/shared/a?b=c");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).doesNotContain("__Host-");
    assertThat(get("/shared/a?b=c").status()).as("another viewer").isEqualTo(401);
    assertThat(
            browser
                .submit(
                    form.replace("/shared/a%3Fb%3Dc", "//evil.example"),
                    "password=correct+horse+battery",
                    own)
                .header("location"))
        .isEqualTo("/");
  }

  @Test
  void aSignedUrlLetsInAndIsNotSeenBehind() throws IOException {
    String path = fresh("sold");
    String url = "http://" + HOST + path + "?page=2";
    String signed =
        CloudFrontUtilities.create()
            .getSignedUrlWithCannedPolicy(
                CannedSignerRequest.builder()
                    .resourceUrl(url)
                    .privateKey(keys.getPrivate())
                    .keyPairId("K1")
                    .expirationDate(Instant.now().plusSeconds(60))
                    .build())
            .url();
    String target = signed.substring(signed.indexOf(path));
    RawClient.Response answer = get(target);
    assertThat(answer.text()).as(target).startsWith(path + "?page=2 ");
    assertThat(answer.header("cache-control")).isEqualTo("private, max-age=60");
    assertThat(get(target).header("cache-status")).contains("hit");
    assertThat(get(path + "?page=2").status()).isEqualTo(403);
    assertThat(get(target.replace("page=2", "page=3")).status()).isEqualTo(403);
  }

  /** Of a policy for all of the folder, until so many seconds from now. */
  private static String signedCookies(long seconds) throws Exception {
    CookiesForCustomPolicy cookies =
        CloudFrontUtilities.create()
            .getCookiesForCustomPolicy(
                CustomSignerRequest.builder()
                    .resourceUrl("http://" + HOST + "/lent/*")
                    .privateKey(keys.getPrivate())
                    .keyPairId("K1")
                    .expirationDate(Instant.now().plusSeconds(seconds))
                    .build());
    return String.join(
        "; ",
        cookies.policyHeaderValue(),
        cookies.signatureHeaderValue(),
        cookies.keyPairIdHeaderValue());
  }

  @Test
  void signedCookiesLetInAndAreNotSeenBehind() throws Exception {
    String first = signedCookies(60);
    String second = signedCookies(90);
    assertThat(second).isNotEqualTo(first);
    String path = fresh("lent");
    assertThat(get(path, "Cookie: theme=dark").status()).isEqualTo(403);
    RawClient.Response answer = get(path, "Cookie: theme=dark; " + first + "; lang=de");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).endsWith("cookie=theme=dark; lang=de");
    assertThat(answer.header("cache-status")).contains("stored");
    assertThat(answer.header("cache-control")).isEqualTo("private, max-age=60");
    assertThat(origin.requests().getLast().headers().toString()).doesNotContain("CloudFront-");
    // All cookies are in the key, but for those of the signature.
    RawClient.Response other = get(path, "Cookie: " + second + "; theme=dark; lang=de");
    assertThat(other.header("cache-status")).contains("hit");
    assertThat(get(path, "Cookie: theme=light; " + first).text()).endsWith("cookie=theme=light");
    // And none is left where there is no other.
    assertThat(get(fresh("lent"), "Cookie: " + first).text()).endsWith(" cookie=");
    // Of each line by itself.
    String[] lines = ("Cookie: " + first.replace("; ", "\nCookie: ")).split("\n", -1);
    assertThat(get(fresh("lent"), lines).text()).endsWith(" cookie=");
    // They are of this folder, end, and cannot be changed.
    assertThat(get(fresh("sold"), "Cookie: " + first).status()).isEqualTo(403);
    assertThat(get(path, "Cookie: " + signedCookies(-1)).status()).isEqualTo(403);
    assertThat(get(path, "Cookie: " + first.replace("Key-Pair-Id=K1", "Key-Pair-Id=K2")).status())
        .isEqualTo(403);
    assertThat(get(path).status()).isEqualTo(403);
  }

  @Test
  void signedCookiesThatAnotherSiteHasABrowserSendChangeNothing() throws Exception {
    String cookie = "Cookie: " + signedCookies(60);
    int asked = origin.requests().size();
    for (String[] other :
        new String[][] {
          {cookie, "Content-Length: 0"},
          {cookie, "Content-Length: 0", "Origin: http://evil.localhost"},
          {cookie, "Content-Length: 0", "Sec-Fetch-Site: cross-site"}
        }) {
      RawClient.Response answer = ask("POST", fresh("lent"), other);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.text()).contains("cross-origin");
    }
    assertThat(origin.requests()).hasSize(asked);
    String[] own = {cookie, "Content-Length: 0", "Origin: http://" + HOST};
    assertThat(ask("POST", fresh("lent"), own).status()).isEqualTo(200);
  }

  /** A sign-in would not help: the page says so. */
  @Test
  void aBrowserIsToldWhatIsForProgramsAlone() throws IOException {
    RawClient.Response page =
        get(fresh("programs"), ann, "Accept: text/html", "Accept-Language: de");
    assertThat(page.status()).isEqualTo(401);
    assertThat(page.header("www-authenticate")).isEqualTo("Bearer realm=\"portico\"");
    assertThat(page.text()).contains("lang=\"de\"", "Zugriffstoken");
    assertThat(get(fresh("programs"), ann).text()).contains("sign-in-required");
  }

  @Test
  void anAuthorizerIsAskedAndRemembered() throws IOException {
    String path = fresh("asked");
    assertThat(get(path, "X-Key: good").text()).contains("plan=gold");
    int asked = rights.requests().size();
    assertThat(get(path, "X-Key: good").status()).isEqualTo(200);
    assertThat(rights.requests()).as("it said so").hasSize(asked);
    OriginServer.Request question = rights.requests().getLast();
    assertThat(question.requestLine()).isEqualTo("GET /check HTTP/1.1");
    assertThat(question.header("x-forwarded-method")).isEqualTo("GET");
    assertThat(question.header("x-forwarded-uri")).isEqualTo(path);
    assertThat(get(path, "X-Key: bad").status()).isEqualTo(403);
    double own = failures();
    RawClient.Response broken = get(path, "X-Key: broken");
    assertThat(broken.status()).as("it fails closed").isEqualTo(503);
    assertThat(broken.text()).contains("authorizer-down");
    assertThat(get(path, "X-Key: once").status()).isEqualTo(200);
    int before = rights.requests().size();
    assertThat(get(path, "X-Key: once").text()).contains("plan=silver");
    assertThat(rights.requests()).hasSize(before + 1);
    assertThat(failures()).as("nothing is wrong with the gateway").isEqualTo(own);
    // As it came: what an authorizer means by its bytes is between it and the origin.
    get(path, "X-Key: odd");
    assertThat(origin.requests().getLast().header("x-plan")).isEqualTo("50% gold; caf\u00e9");
  }

  @Test
  void nobodyIsLetInWhileItCannotBeFoundOut() throws IOException {
    String carl = "Cookie: __Host-portico=" + auth.session("demo", auth.signIn("carl", "staff"));
    auth.away(true);
    double own = failures();
    RawClient.Response answer = get(fresh("staff"), carl);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotEmpty();
    await().until(() -> failures() == own + 1);
    auth.away(false);
    await().until(() -> get(fresh("staff"), carl).status() == 200);
  }

  @Test
  void signingOutEndsIt() throws IOException {
    AuthInternalServer.SignIn dora = auth.signIn("dora", "staff");
    String cookie = "Cookie: __Host-portico=" + auth.session("demo", dora);
    String path = fresh("staff");
    assertThat(get(path, cookie).status()).isEqualTo(200);
    auth.end(dora);
    await().until(() -> get(path, cookie).status() == 401);
  }

  @Test
  void aTunnelEndsWithTheSignIn() throws IOException {
    AuthInternalServer.SignIn hal = auth.signIn("hal", "staff");
    String cookie = "Cookie: __Host-portico=" + auth.session("demo", hal);
    try (RawClient viewer = new RawClient(gateway.port())) {
      viewer.get(
          HOST,
          "/staff/tunnel",
          cookie,
          "Origin: http://" + HOST,
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      assertThat(viewer.read(false).status()).isEqualTo(101);
      assertThat(viewer.in().read()).isEqualTo('x');
      auth.end(hal);
      assertThat(viewer.closed()).isTrue();
    }
  }

  @Test
  void aCallerIsNotTakenForAnotherByTheCookiesName() throws IOException {
    String value = ann.substring(ann.indexOf('=') + 1);
    assertThat(get(fresh("staff"), "Cookie: x__Host-portico=" + value).status()).isEqualTo(401);
    assertThat(get(fresh("staff"), ann, "Cookie: __Host-portico=other").status()).isEqualTo(401);
    assertThat(get(fresh("told"), ann, "Cookie: a=b").text())
        .contains("cookie=a=b")
        .doesNotContain(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
