package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.AwsProxy;
import dev.portico.auth.fixture.LogLines;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.fixture.Records;
import dev.portico.auth.signin.SignInCookie;
import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign-in at a site, from the pushed request to the end of the session. */
class SiteSessionIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE = RunningService.start(POOL, client -> {});
  private static final Records RECORDS = new Records(TestEnvironment.NAME);

  private final SiteVisit docs = new SiteVisit(SERVICE, "docs");

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  private static JsonNode golden(String name) throws IOException {
    return JSON.readTree(
        Files.readString(Path.of("..", "deploy", "contracts", name).toAbsolutePath()));
  }

  private static List<String> names(JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void takesTheGoldenRequest() throws IOException {
    Answer answer = docs.push((ObjectNode) golden("auth-authorization-request.json"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    JsonNode golden = golden("auth-authorization.json");
    assertThat(names(answer.json())).containsExactlyElementsOf(names(golden));
    assertThat(answer.json().get("expiresIn")).isEqualTo(golden.get("expiresIn"));
    assertThat(answer.field("requestUri")).startsWith("urn:ietf:params:oauth:request_uri:t1.");
    URI location = URI.create(answer.field("location"));
    assertThat(location.toString()).startsWith("http://auth.localhost:8080/authorize?");
    assertThat(SiteVisit.query(location.toString()))
        .isEqualTo(Map.of("client_id", "docs", "request_uri", answer.field("requestUri")));
    assertThat(location.toString().length()).isLessThan(2_000);
  }

  @Test
  void goesFromTheSiteToASessionAndToItsEnd() throws Exception {
    URI location = docs.pushed();
    Answer stranger = docs.authorize(location, "none");
    assertThat(stranger.status()).isEqualTo(303);
    assertThat(stranger.header("Location")).startsWith("/sign-in?request_uri=urn%3A");
    assertThat(SiteVisit.query(stranger.header("Location")).get("request_uri"))
        .isEqualTo(SiteVisit.query(location.toString()).get("request_uri"));

    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    Answer back = docs.authorize(location, begun.cookie());
    assertThat(back.status()).isEqualTo(303);
    assertThat(back.header("Cache-Control")).isEqualTo("no-store");
    assertThat(back.header("Location")).startsWith(docs.redirectUri() + "?");
    var query = SiteVisit.query(back.header("Location"));
    assertThat(query)
        .containsEntry("state", SiteVisit.STATE)
        .containsEntry("iss", "http://auth.localhost:8080");

    Answer redeemed = docs.redeem(String.valueOf(query.get("code")));
    assertThat(redeemed.status()).as(redeemed.text()).isEqualTo(201);
    assertThat(names(redeemed.json())).containsAll(names(golden("auth-session.json")));
    String session = redeemed.field("session");
    assertThat(session).matches("[A-Za-z0-9_-]{43}");
    assertThat(redeemed.field("nonce")).isEqualTo(SiteVisit.NONCE);
    assertThat(redeemed.json().get("maxAgeSeconds").asLong())
        .isBetween(Duration.ofDays(30).toSeconds() - 60, Duration.ofDays(30).toSeconds());
    assertThat(redeemed.json().get("freshSeconds").asInt()).isEqualTo(60);

    Answer asked = docs.query(SERVICE, session);
    assertThat(asked.field("state")).isEqualTo("active");
    assertThat(names(asked.json())).containsExactly("state", "freshSeconds", "identity");
    JsonNode identity = asked.json().get("identity");
    assertThat(identity.get("signIn").asText()).isEqualTo(begun.signIn().id());
    assertThat(identity.get("subject").asText()).isEqualTo(begun.signIn().subject());
    assertThat(identity.get("originJti").asText()).isEqualTo(begun.signIn().originJti());
    assertThat(names(golden("auth-session.json").get("identity"))).containsAll(names(identity));
    assertIdentityToken(identity);

    assertThat(docs.end(session, false).status()).isEqualTo(204);
    assertThat(docs.query(SERVICE, session).json()).isEqualTo(golden("auth-session-ended.json"));
    assertThat(docs.end(session, false).status()).isEqualTo(204);
    assertThat(docs.authorize(docs.pushed(), begun.cookie()).header("Location"))
        .startsWith("/sign-in?");
  }

  private static void assertIdentityToken(JsonNode identity) throws Exception {
    var token = SignedJWT.parse(identity.get("token").asText());
    Answer keys = SERVICE.api().get("/.well-known/jwks.json");
    assertThat(keys.header("Cache-Control")).isEqualTo("public, max-age=300");
    assertThat(keys.text()).doesNotContain("\"d\"");
    var key = JWKSet.parse(keys.text()).getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(token.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("http://auth.localhost:8080");
    assertThat(claims.getAudience()).containsExactly("docs");
    assertThat(claims.getSubject()).isEqualTo(identity.get("subject").asText());
    assertThat(claims.getStringClaim("email")).isEqualTo(identity.get("email").asText());
    assertThat(claims.getExpirationTime().toInstant().getEpochSecond())
        .isEqualTo(identity.get("tokenExpiresAt").asLong())
        .isEqualTo(claims.getIssueTime().toInstant().getEpochSecond() + 300);
  }

  @Test
  void handsOutTheAccessTokenOfASessionUntilItEnds() throws Exception {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String session = docs.session(begun.cookie());
    Answer answer = docs.accessToken(session);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(names(answer.json()))
        .containsExactlyElementsOf(names(golden("auth-session-token.json")));
    assertThat(answer.field("state")).isEqualTo("active");
    String token = answer.field("accessToken");
    assertThat(answer.json().get("expiresAt").asLong())
        .isEqualTo(
            SignedJWT.parse(token)
                .getJWTClaimsSet()
                .getExpirationTime()
                .toInstant()
                .getEpochSecond());
    assertThat(SERVICE.me(token).json().get("sub").asText()).isEqualTo(begun.signIn().subject());

    JsonNode ended = golden("auth-session-ended.json");
    assertThat(new SiteVisit(SERVICE, "shop").accessToken(session).json())
        .as("a session of another site")
        .isEqualTo(ended);
    assertThat(docs.accessToken("x".repeat(43)).json()).isEqualTo(ended);
    docs.end(session, false);
    assertThat(docs.accessToken(session).json()).isEqualTo(ended);
    assertThat(SERVICE.me(token).status()).isEqualTo(401);
  }

  @Test
  void oneSignInServesSeveralSitesAndEndsAtAll() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    var shop = new SiteVisit(SERVICE, "shop");
    String atDocs = docs.session(begun.cookie());
    String atShop = shop.session(begun.cookie());
    assertThat(shop.state(atShop)).isEqualTo("active");
    assertThat(shop.state(atDocs)).as("a session of another site").isEqualTo("ended");
    shop.end(atDocs, false);
    assertThat(docs.state(atDocs)).as("not to be ended by another site").isEqualTo("active");
    docs.end(atDocs, false);
    assertThat(shop.state(atShop)).isEqualTo("ended");
  }

  @Test
  void endsAllBrowsersOfTheAccountAndLeavesOthers() {
    String account = POOL.account();
    String here = docs.session(SiteVisit.signIn(SERVICE, account).cookie());
    var elsewhere = SiteVisit.signIn(SERVICE, account);
    String there = docs.session(elsewhere.cookie());
    String other = docs.session(SiteVisit.signIn(SERVICE, POOL.account()).cookie());
    String token = elsewhere.signIn().tokens().accessToken();
    assertThat(SERVICE.me(token).status()).isEqualTo(200);
    assertThat(docs.end(here, true).status()).isEqualTo(204);
    assertThat(docs.state(here)).isEqualTo("ended");
    assertThat(docs.state(there)).isEqualTo("ended");
    assertThat(docs.state(other)).isEqualTo("active");
    assertThat(SERVICE.me(token).status()).isEqualTo(401);
    // At once, in the same second or not.
    String again = docs.session(SiteVisit.signIn(SERVICE, account).cookie());
    assertThat(docs.state(again)).isEqualTo("active");
  }

  @Test
  void asksForAnotherSignInWhereTheSiteWantsOne() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    RECORDS.signIn(begun.signIn().id(), "created", Instant.now().minusSeconds(5));
    URI location = URI.create(docs.push(docs.request().put("prompt", "login")).field("location"));
    assertThat(docs.authorize(location, begun.cookie()).header("Location")).startsWith("/sign-in?");
    var again = SiteVisit.signIn(SERVICE, POOL.account());
    assertThat(docs.authorize(location, again.cookie()).header("Location"))
        .as("no loop for who has just signed in")
        .startsWith(docs.redirectUri());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://docs.example.com/.portico/auth/callback",
        "https://docs.example.com/",
        "https://docs.example.com/.portico/auth/callback?a=b",
        "https://docs.example.com/.portico/auth/callback#f",
        "https://docs.example.com/.portico/auth/callback/",
        "https://docs.example.com/.portico/auth/../auth/callback",
        "https://docs.example.com/%2eportico/auth/callback",
        "https://a@docs.example.com/.portico/auth/callback",
        "javascript:alert(1)",
        "/.portico/auth/callback",
        "//evil.example/.portico/auth/callback"
      })
  void refusesOtherWaysBack(String redirectUri) {
    Answer answer = docs.push(docs.request().put("redirectUri", redirectUri));
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("redirectUri");
  }

  @Test
  void takesSitesUnderLocalhostWithoutTls() {
    var request =
        docs.request().put("redirectUri", "http://docs.localhost:8080/.portico/auth/callback");
    assertThat(docs.push(request).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "state,short",
    "nonce,short",
    "codeChallenge,plain",
    "prompt,none",
    "site,Not a site"
  })
  void refusesWhatIsNotInForm(String field, String value) {
    Answer answer = docs.push(docs.request().put(field, value));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
  }

  @Test
  void refusesALogoOfAnotherHost() {
    var request = docs.request();
    request.putObject("signIn").put("logo", "https://evil.example/logo.svg");
    assertThat(docs.push(request).json().at("/errors/0/field").asText()).isEqualTo("signIn.logo");
  }

  @Test
  void knowsOnlyWhatWasPushed() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String location = docs.pushed().toString();
    int inside = location.length() - 10;
    char other = location.charAt(inside) == 'A' ? 'B' : 'A';
    for (String changed :
        List.of(
            location.substring(0, inside) + other + location.substring(inside + 1),
            location.replace("client_id=docs", "client_id=shop"),
            location.replace("request_uri%3At1", "request_uri%3At2"),
            "http://auth.localhost/authorize?client_id=docs",
            "http://auth.localhost/authorize?client_id=docs&request_uri=https%3A%2F%2Fevil.example",
            "http://auth.localhost/authorize?redirect_uri=https%3A%2F%2Fevil.example")) {
      Answer answer = docs.authorize(URI.create(changed), begun.cookie());
      assertThat(answer.status()).as(changed).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("authorization-request");
      assertThat(answer.header("Location")).isEmpty();
    }
  }

  @Test
  void codesAreForOneSiteOneAddressAndWhoHasTheVerifier() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String other = "F".repeat(43);
    assertInvalidGrant(docs.redeem(docs.code(begun.cookie()), other, docs.redirectUri()));
    assertInvalidGrant(
        docs.redeem(
            docs.code(begun.cookie()),
            SiteVisit.VERIFIER,
            "https://evil.example/.portico/auth/callback"));
    assertInvalidGrant(new SiteVisit(SERVICE, "shop").redeem(docs.code(begun.cookie())));
    assertInvalidGrant(docs.redeem("none"));
    String late = docs.code(begun.cookie());
    RECORDS.set(
        "AUTH#CODE#" + dev.portico.auth.seal.Secret.hash(late),
        "CODE",
        "until",
        Instant.now().minusSeconds(1).toEpochMilli());
    assertInvalidGrant(docs.redeem(late));
    assertThat(docs.session(begun.cookie())).as("none of these ended anything").isNotBlank();
  }

  private static void assertInvalidGrant(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("invalid-grant");
  }

  @Test
  void aCodeThatIsBroughtTwiceEndsWhatItGave() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String code = docs.code(begun.cookie());
    String session = docs.redeem(code).field("session");
    assertThat(docs.state(session)).isEqualTo("active");
    assertInvalidGrant(docs.redeem(code, "F".repeat(43), docs.redirectUri()));
    assertThat(docs.state(session)).isEqualTo("ended");
  }

  @Test
  void ofTwoWhoBringACodeAtOnceNoneKeepsASession() throws Exception {
    for (int round = 0; round < 10; round++) {
      var begun = SiteVisit.signIn(SERVICE, POOL.account());
      String code = docs.code(begun.cookie());
      Callable<Answer> redemption = () -> docs.redeem(code);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var answers = threads.invokeAll(List.of(redemption, redemption));
        int sessions = 0;
        for (var future : answers) {
          Answer answer = future.get();
          if (answer.status() == 201) {
            sessions++;
            assertThat(docs.state(answer.field("session"))).isEqualTo("ended");
          } else {
            assertInvalidGrant(answer);
          }
        }
        assertThat(sessions).isLessThanOrEqualTo(1);
      }
    }
  }

  /** A code is brought, and its sign-in found; before there is a session, somebody signs out. */
  @Test
  void aSignOutBetweenCodeAndSessionLeavesNone() throws Exception {
    try (var table = AwsProxy.ofDynamoDb();
        var slow =
            SERVICE.copy(
                settings -> {
                  settings.put("portico.dynamodb.endpoint", table.endpoint());
                  settings.put("portico.dynamodb.call-timeout", "30s");
                })) {
      var late = new SiteVisit(slow, "docs");
      for (boolean everywhere : new boolean[] {false, true}) {
        String account = POOL.account();
        var begun = SiteVisit.signIn(SERVICE, account);
        String session = docs.session(begun.cookie());
        String code = docs.code(begun.cookie());
        String token = SiteVisit.tokens(SERVICE, account).accessToken();
        Set<String> sessions = sessions();
        var hold = table.holdBack("TransactWriteItems", "AUTH#SESSION#");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var redeemed = threads.submit(() -> late.redeem(code));
          hold.awaitArrival();
          // By another session of the sign-in, or past it by a token of the account.
          int ended =
              everywhere
                  ? SERVICE.signOut(token, "{\"everywhere\": true}").status()
                  : docs.end(session, false).status();
          assertThat(ended).isEqualTo(204);
          hold.release();
          assertInvalidGrant(redeemed.get());
        }
        assertThat(sessions()).isEqualTo(sessions);
      }
    }
  }

  private static Set<String> sessions() {
    return RECORDS.partitions().stream()
        .filter(pk -> pk.startsWith("AUTH#SESSION#"))
        .collect(Collectors.toSet());
  }

  @Test
  void endsByTime() {
    var unused = SiteVisit.signIn(SERVICE, POOL.account());
    String session = docs.session(unused.cookie());
    RECORDS.signIn(unused.signIn().id(), "used", Instant.now().minus(Duration.ofHours(8)));
    assertThat(docs.state(session)).as("within the lag").isEqualTo("active");
    RECORDS.signIn(unused.signIn().id(), "used", Instant.now().minus(Duration.ofMinutes(511)));
    assertThat(docs.state(session)).isEqualTo("ended");

    var old = SiteVisit.signIn(SERVICE, POOL.account());
    String oldSession = docs.session(old.cookie());
    RECORDS.signIn(old.signIn().id(), "until", Instant.now().minusMillis(1));
    assertThat(docs.state(oldSession)).isEqualTo("ended");
  }

  @Test
  void useIsWrittenDownNowAndThen() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String session = docs.session(begun.cookie());
    RECORDS.signIn(begun.signIn().id(), "used", Instant.now().minus(Duration.ofHours(8)));
    assertThat(docs.state(session)).isEqualTo("active");
    assertThat(RECORDS.signIn(begun.signIn().id(), "used")).isAfter(Instant.now().minusSeconds(60));
  }

  @Test
  void keepsNoSecretReadable() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    String code = docs.code(begun.cookie());
    String session = docs.redeem(code).field("session");
    String secret = begun.cookie().substring(begun.cookie().indexOf('.') + 1);
    assertThat(RECORDS.text())
        .contains(begun.signIn().id())
        .doesNotContain(
            code,
            session,
            secret,
            begun.signIn().tokens().accessToken(),
            begun.signIn().tokens().refreshToken(),
            "\"d\":");
    assertThat(RECORDS.partitions()).allSatisfy(pk -> assertThat(pk).startsWith("AUTH#"));
  }

  @Test
  void cookiesAreOfTheAuthHostOnly() {
    var begun = SiteVisit.signIn(SERVICE, POOL.account());
    var cookie = SignInCookie.of(begun);
    assertThat(cookie.getName()).isEqualTo("__Host-portico-auth");
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.getPath()).isEqualTo("/");
    assertThat(cookie.getDomain()).isNull();
    assertThat(cookie.getMaxAge()).isEqualTo(Duration.ofDays(30).toSeconds());
    assertThat((cookie.getName() + "=" + cookie.getValue()).length()).isLessThanOrEqualTo(128);
    String forged = begun.signIn().id() + "." + "A".repeat(43);
    assertThat(docs.authorize(docs.pushed(), forged).header("Location")).startsWith("/sign-in?");
  }

  @Test
  void theInternalPortAsksForItsSecret() {
    String body = docs.request().toString();
    String path = "/internal/authorizations";
    assertThat(SERVICE.internal().post(path, body).status()).isEqualTo(401);
    assertThat(SERVICE.internal().post(path, body, "Authorization", "Bearer wrong").status())
        .isEqualTo(401);
    assertThat(
            SERVICE
                .internal()
                .post(path, body, "Authorization", "Bearer another-" + Pool.SECRET)
                .status())
        .isEqualTo(201);
    for (String each :
        List.of(path, "/internal/sessions", "/internal/sessions/query", "/internal/revocations")) {
      assertThat(SERVICE.api().post(each, body, "Authorization", "Bearer " + Pool.SECRET).status())
          .as(each)
          .isEqualTo(404);
    }
    assertThat(SERVICE.internal().get("/v1/auth/me").status()).isEqualTo(404);
    assertThat(SERVICE.internal().get("/.well-known/jwks.json").status()).isEqualTo(404);
  }

  @Test
  void writesDownWhoCameAndWent() throws IOException {
    try (var lines = LogLines.of("dev.portico.audit")) {
      String address = POOL.account();
      SERVICE.signIn(address, "Wrong-Password-1");
      SERVICE.signIn(address, Pool.PASSWORD);
      var begun = SiteVisit.signIn(SERVICE, address);
      String session = docs.session(begun.cookie());
      docs.end(session, false);
      docs.end(session, false);
      var written = new ArrayList<String>();
      for (String line : lines.all()) {
        JsonNode json = JSON.readTree(line);
        written.add(json.get("audit").asText() + " " + json.path("by").asText("-"));
      }
      String sub = begun.signIn().subject();
      assertThat(written)
          .containsExactly(
              "sign-in.refused -", "sign-in " + sub, "session.begin " + sub, "sign-out " + sub);
      assertThat(lines.all().toString()).doesNotContain(address, session);
    }
  }
}
