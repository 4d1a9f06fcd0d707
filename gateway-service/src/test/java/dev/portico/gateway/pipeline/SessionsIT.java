package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.RevocationFollower;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.AuthInternalServer.SignIn;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.CookieBrowser;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions at gateways: asked for once, over at once, and bounded without auth-service. */
class SessionsIT {
  private static final String ME = "/.portico/auth/me";
  private static final String SIGN_OUT = "/.portico/auth/sign-out";
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private AuthInternalServer auth;
  private ContentFeedServer content;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws IOException {
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    content.publish(
        "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
    content.publish(
        "other", "bbbbbbbbbbbbbbbbbbbb", ContentFeedServer.Page.html("/index.html", "other"));
    gateway = gateway();
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
  }

  private RunningGateway gateway(String... more) throws IOException {
    String[] settings = new String[more.length + 8];
    System.arraycopy(auth.settings(), 0, settings, 0, 4);
    settings[4] = "portico.origin.content-internal";
    settings[5] = content.address();
    settings[6] = "portico.origin.content-secret";
    settings[7] = ContentFeedServer.SECRET;
    System.arraycopy(more, 0, settings, 8, more.length);
    RunningGateway started = new RunningGateway(settings);
    await().until(started::ready);
    await().until(() -> follower(started).connected());
    return started;
  }

  private static RevocationFollower follower(RunningGateway of) {
    return of.context().getBean(RevocationFollower.class);
  }

  private static CookieBrowser browser(RunningGateway at, String site, String session) {
    CookieBrowser browser = new CookieBrowser(at.port(), site + ".localhost:" + at.port());
    if (!session.isEmpty()) {
      browser.cookies().put(PorticoCookies.SESSION, session);
    }
    return browser;
  }

  private static int me(RunningGateway at, String session) throws IOException {
    return browser(at, "demo", session).fetch("GET", ME).status();
  }

  private int me(String session) throws IOException {
    return me(gateway, session);
  }

  private CompletableFuture<Integer> later(String session) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return me(session);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        THREADS);
  }

  private String own(RunningGateway at) {
    return "Origin: http://demo.localhost:" + at.port();
  }

  @Test
  void authServiceIsAskedOnce() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    CountDownLatch gate = new CountDownLatch(1);
    auth.gateQueries(gate);
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(later(session));
    }
    await().until(() -> gateway.connections() == 20 && auth.queries() == 1);
    gate.countDown();
    all.forEach(each -> assertThat(each.join()).isEqualTo(200));
    assertThat(me(session)).isEqualTo(200);
    assertThat(auth.queries()).isEqualTo(1);
    assertThat(auth.viewer()).isEqualTo("127.0.0.1");
  }

  @Test
  void anAnswerIsBelievedAsLongAsItSays() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    auth.fresh(0);
    me(session);
    me(session);
    assertThat(auth.queries()).isEqualTo(2);
  }

  @Test
  void aSessionIsOfOneSite() throws IOException {
    String session = auth.session("other", auth.signIn("ann"));
    assertThat(browser(gateway, "other", session).fetch("GET", ME).status()).isEqualTo(200);
    assertThat(me(session)).isEqualTo(401);
    assertThat(browser(gateway, "other", session).fetch("GET", ME).status()).isEqualTo(200);
  }

  @Test
  void nobodyIsAskedAboutWhatCannotBeASession() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    for (String forged :
        List.of(
            "x",
            session + "A",
            session.substring(1),
            session.substring(1) + "+",
            "A".repeat(8_000),
            "\"" + session + "\"")) {
      assertThat(me(forged)).as(forged).isEqualTo(401);
    }
    assertThat(auth.queries()).isZero();
  }

  @Test
  void anUnknownSessionIsAskedForOnce() throws IOException {
    String forged = "A".repeat(43);
    assertThat(me(forged)).isEqualTo(401);
    assertThat(me(forged)).isEqualTo(401);
    assertThat(auth.queries()).isEqualTo(1);
  }

  @Test
  void twoSessionsAreNone() throws IOException {
    String one = auth.session("demo", auth.signIn("ann"));
    String two = auth.session("demo", auth.signIn("bob"));
    String host = "demo.localhost";
    try (RawClient viewer = new RawClient(gateway.port())) {
      String name = "Cookie: " + PorticoCookies.SESSION + "=";
      assertThat(viewer.get(host, ME, name + one + "; a=b; __Host-portico=" + two).read().status())
          .isEqualTo(401);
      assertThat(viewer.get(host, ME, name + one, name + two).read().status()).isEqualTo(401);
      assertThat(auth.queries()).isZero();
      assertThat(viewer.get(host, ME, "Cookie: a=b", name + one).read().status()).isEqualTo(200);
      assertThat(viewer.get(host, ME, name + one, name + one).read().status()).isEqualTo(200);
    }
  }

  @Test
  void signingOutIsOverOnEveryGatewayAtOnce() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String session = auth.session("demo", signIn);
    String elsewhere = auth.session("other", signIn);
    try (RunningGateway second = gateway()) {
      assertThat(me(session)).isEqualTo(200);
      assertThat(me(second, session)).isEqualTo(200);
      assertThat(browser(second, "other", elsewhere).fetch("GET", ME).status()).isEqualTo(200);
      RawClient.Response out =
          browser(gateway, "demo", session).fetch("POST", SIGN_OUT, own(gateway));
      assertThat(out.status()).isEqualTo(204);
      assertThat(out.header("set-cookie")).contains("__Host-portico=; Max-Age=0");
      assertThat(me(session)).as("here at once").isEqualTo(401);
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .untilAsserted(
              () -> {
                assertThat(me(second, session)).isEqualTo(401);
                assertThat(browser(second, "other", elsewhere).fetch("GET", ME).status())
                    .as("the same sign-in at another site")
                    .isEqualTo(401);
              });
    }
  }

  @Test
  void signingOutEverywhereEndsOtherBrowsersToo() throws IOException {
    String here = auth.session("demo", auth.signIn("ann"));
    String there = auth.session("demo", auth.signIn("ann"));
    String others = auth.session("demo", auth.signIn("bob"));
    assertThat(List.of(me(here), me(there), me(others))).containsOnly(200);
    RawClient.Response out =
        browser(gateway, "demo", here)
            .submit(SIGN_OUT + "?return=/a", "everywhere=true", own(gateway));
    assertThat(out.status()).isEqualTo(303);
    assertThat(out.header("location")).isEqualTo("/a");
    await().atMost(Duration.ofSeconds(10)).until(() -> me(there) == 401);
    assertThat(me(others)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://demo.localhost",
        "Origin: https://demo.localhost:PORT",
        "Origin: http://other.localhost:PORT",
        "Origin: http://demo.localhost:PORT, http://demo.localhost:PORT",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none",
        "X-Nothing: said",
      })
  void noOtherPageCanSignOut(String header) throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    String sent = header.replace("PORT", String.valueOf(gateway.port()));
    RawClient.Response refused = browser(gateway, "demo", session).fetch("POST", SIGN_OUT, sent);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text()).contains("cross-origin");
    assertThat(auth.requests("/end")).isEmpty();
    assertThat(me(session)).isEqualTo(200);
  }

  @Test
  void whereABrowserSendsNoOriginItSaysSo() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    CookieBrowser browser = browser(gateway, "demo", session);
    assertThat(browser.fetch("POST", SIGN_OUT, "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(204);
    assertThat(browser.cookies()).isEmpty();
    assertThat(me(session)).isEqualTo(401);
  }

  @Test
  void lookingAtThePageSignsNobodyOut() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    CookieBrowser browser = browser(gateway, "demo", session);
    RawClient.Response page = browser.visit(SIGN_OUT + "?return=//evil.example");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.text())
        .contains("method=\"post\" action=\"/.portico/auth/sign-out?return=/\"")
        .doesNotContain("evil");
    assertThat(page.header("content-security-policy")).contains("form-action 'self'");
    assertThat(page.header("referrer-policy")).isEqualTo("same-origin");
    assertThat(me(session)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"//evil.example,/", "/\\evil.example,/", "/a?b=c,/a?b=c", "https://evil.example,/"})
  void signingOutLeadsNobodyElsewhere(String returnPath, String location) throws IOException {
    RawClient.Response out =
        browser(gateway, "demo", "")
            .submit(SIGN_OUT, "return=" + AccountReplies.parameter(returnPath), own(gateway));
    assertThat(out.status()).isEqualTo(303);
    assertThat(out.header("location")).isEqualTo(location);
    assertThat(auth.requests("/end")).as("there was no session").isEmpty();
  }

  @Test
  void whoCouldNotBeSignedOutIsToldSo() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    assertThat(me(session)).isEqualTo(200);
    auth.away(true);
    CookieBrowser browser = browser(gateway, "demo", session);
    assertThat(browser.fetch("POST", SIGN_OUT, own(gateway)).status()).isEqualTo(503);
    RawClient.Response page = browser.submit(SIGN_OUT, "return=/", own(gateway));
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.text()).contains("still signed in");
    assertThat(browser.cookies()).containsKey(PorticoCookies.SESSION);
  }

  /** An answer that was asked for before a revocation arrived is worth nothing after it. */
  @Test
  void aRevocationCountsAgainstAnAnswerUnderWay() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String session = auth.session("demo", signIn);
    CountDownLatch gate = new CountDownLatch(1);
    auth.gateAnswers(gate);
    CompletableFuture<Integer> first = later(session);
    await().until(() -> auth.queries() == 1);
    long before = follower(gateway).position();
    auth.end(signIn);
    await().until(() -> follower(gateway).position() > before);
    CompletableFuture<Integer> second = later(session);
    gate.countDown();
    assertThat(first.join()).isEqualTo(401);
    assertThat(second.join()).isEqualTo(401);
    assertThat(me(session)).isEqualTo(401);
  }

  @Test
  void aRevocationThatIsNotUnderstoodMakesAllAskAnew() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String session = auth.session("demo", signIn);
    assertThat(me(session)).isEqualTo(200);
    auth.endSilently(signIn);
    assertThat(me(session)).as("it is believed").isEqualTo(200);
    auth.revokeStrangely();
    await().until(() -> me(session) == 401);
  }

  @Test
  void aFeedThatWasLostMakesAllAskAnew() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String session = auth.session("demo", signIn);
    SignIn later = auth.signIn("bob");
    String lasting = auth.session("demo", later);
    assertThat(me(session)).isEqualTo(200);
    auth.end(auth.signIn("carol"));
    await().until(() -> follower(gateway).position() == 1);
    auth.endSilently(signIn);
    auth.restore();
    await().until(() -> me(session) == 401);
    await().until(() -> follower(gateway).connected());
    assertThat(me(lasting)).isEqualTo(200);
    auth.end(later);
    await().atMost(Duration.ofSeconds(10)).until(() -> me(lasting) == 401);
  }

  @Test
  void whatAnAccountHadBeforeIsOver() throws IOException {
    SignIn before = auth.signIn("ann");
    String old = auth.session("demo", before);
    assertThat(me(old)).isEqualTo(200);
    auth.revokeUser(before.subject(), before.authenticatedAt() + 1);
    await().until(() -> me(old) == 401);
    SignIn again =
        new SignIn(
            "s-again", before.subject(), "ann", List.of(), before.authenticatedAt() + 1, "jti-2");
    assertThat(me(auth.session("demo", again))).as("a sign-in since then").isEqualTo(200);
  }

  @Test
  void knownSessionsLiveOnWithoutAuthService() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String known = auth.session("demo", signIn);
    String unknown = auth.session("demo", auth.signIn("bob"));
    auth.fresh(0);
    assertThat(me(known)).isEqualTo(200);
    auth.away(true);
    RawClient.Response refused = browser(gateway, "demo", unknown).fetch("GET", ME);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isNotEmpty();
    assertThat(me(known)).isEqualTo(200);
    assertThat(
            gateway
                .context()
                .getBean(MeterRegistry.class)
                .get("portico.sessions.unconfirmed")
                .counter()
                .count())
        .isPositive();
    auth.away(false);
    await().until(() -> me(unknown) == 200);
    auth.end(signIn);
    await().until(() -> me(known) == 401);
  }

  @Test
  void noLongerThanTheGrace() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    auth.fresh(0);
    try (RunningGateway strict = gateway("portico.session.grace", "0s")) {
      assertThat(me(strict, session)).isEqualTo(200);
      auth.away(true);
      assertThat(me(strict, session)).isEqualTo(503);
    }
  }

  @Test
  void theGraceComesToAnEnd() throws IOException {
    String session = auth.session("demo", auth.signIn("ann"));
    auth.fresh(0);
    try (RunningGateway patient = gateway("portico.session.grace", "1s")) {
      assertThat(me(patient, session)).isEqualTo(200);
      auth.away(true);
      await().until(() -> me(patient, session) == 503);
      auth.away(false);
      await().until(() -> me(patient, session) == 200);
    }
  }

  /** Where only the feed is lost, a sign-out takes effect by the next question. */
  @Test
  void withoutTheFeedSessionsAreAskedForAgain() throws IOException {
    SignIn signIn = auth.signIn("ann");
    String session = auth.session("demo", signIn);
    assertThat(me(session)).isEqualTo(200);
    auth.failFeed(500);
    await().atMost(Duration.ofSeconds(20)).until(() -> !follower(gateway).connected());
    assertThat(me(session)).isEqualTo(200);
    auth.endSilently(signIn);
    await().until(() -> me(session) == 401);
    auth.failFeed(0);
    await().until(() -> follower(gateway).connected());
  }

  /** As when the tokens behind one session are to be refreshed, and Cognito is slow. */
  @Test
  void oneSessionThatIsAnsweredSlowlyCostsNoOther() throws IOException {
    String slow = auth.session("demo", auth.signIn("ann"));
    auth.fresh(0);
    assertThat(me(slow)).isEqualTo(200);
    CountDownLatch gate = new CountDownLatch(1);
    auth.gateSession(slow, gate);
    CompletableFuture<Integer> waiting = later(slow);
    await().until(() -> auth.queries() == 2);
    assertThat(me(auth.session("demo", auth.signIn("bob")))).as("meanwhile").isEqualTo(200);
    assertThat(waiting.join()).as("it is known").isEqualTo(200);
    int asked = auth.queries();
    assertThat(me(slow)).as("nobody waits for it again at once").isEqualTo(200);
    assertThat(auth.queries()).isEqualTo(asked);
    assertThat(me(auth.session("demo", auth.signIn("carol")))).as("and after").isEqualTo(200);
    gate.countDown();
  }

  @Test
  void whoMakesSessionsUpIsNotAskedForWithoutEnd() throws Exception {
    try (RunningGateway behind = gateway("portico.listener.trusted-proxies", "1");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Many at once: it is for those within a minute.
      List<Callable<Integer>> asking = new ArrayList<>();
      for (int first = 1_000; first < 2_200; first += 100) {
        int from = first;
        asking.add(
            () -> {
              CookieBrowser browser = browser(behind, "demo", "");
              int refused = 0;
              for (int i = from; i < from + 100; i++) {
                browser.cookies().put(PorticoCookies.SESSION, "x".repeat(39) + i);
                int status = browser.fetch("GET", ME, "X-Forwarded-For: 198.51.100.7").status();
                refused += status == 401 ? 1 : 0;
              }
              return refused;
            });
      }
      for (Future<Integer> each : threads.invokeAll(asking)) {
        assertThat(each.get()).isEqualTo(100);
      }
      CookieBrowser stranger = browser(behind, "demo", "");
      stranger.cookies().put(PorticoCookies.SESSION, "x".repeat(39) + "9999");
      assertThat(stranger.fetch("GET", ME, "X-Forwarded-For: 198.51.100.7").status())
          .isEqualTo(503);
      assertThat(auth.queries()).isEqualTo(1_200);
      CookieBrowser other = browser(behind, "demo", auth.session("demo", auth.signIn("ann")));
      assertThat(other.fetch("GET", ME, "X-Forwarded-For: 198.51.100.8").status()).isEqualTo(200);
      assertThat(other.fetch("GET", ME, "X-Forwarded-For: 198.51.100.7").status())
          .as("what is known is not asked for")
          .isEqualTo(200);
    }
  }

  @Test
  void oneSessionThatCannotBeAskedForCostsNoOther() throws IOException {
    String known = auth.session("demo", auth.signIn("ann"));
    auth.fresh(0);
    assertThat(me(known)).isEqualTo(200);
    auth.failQueries(500);
    assertThat(me(auth.session("demo", auth.signIn("bob")))).isEqualTo(503);
    int asked = auth.queries();
    assertThat(me(known)).isEqualTo(200);
    assertThat(auth.queries()).as("it was asked for all the same").isEqualTo(asked + 1);
  }
}
