package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.gateway.fixture.AuthInternalServer;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.ContentFeedServer.Page;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A member's access token says two things: that it may ask why, and who the viewer is. */
class ExplainedViewerIT {
  private static final String ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/pool";
  private static final String HOST = "demo.localhost";
  private static final String ASKS = "Portico-Explain: 1";
  private static final String DEPLOY_TOKEN = "Authorization: Bearer pdt_demo_1_member";
  private static final AtomicInteger PATHS = new AtomicInteger();

  private static RSAKey key;
  private static OriginServer pool;
  private static OriginServer api;
  private static OriginServer origin;
  private static AuthInternalServer auth;
  private static ContentFeedServer content;
  private static RunningGateway gateway;
  private static String staff;
  private static String guest;
  private static String stranger;

  @BeforeAll
  static void start() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    staff = token("ada", "staff");
    guest = token("bob", "guests");
    stranger = token("eve", "staff");
    pool = new OriginServer(request -> request.ok(new JWKSet(key).toPublicJWKSet().toString()));
    api = new OriginServer(ExplainedViewerIT::members);
    origin =
        new OriginServer(
            request ->
                request.ok(
                    "email=%s plan=%s credentials=%s"
                        .formatted(
                            request.header("x-user"),
                            request.header("x-plan"),
                            request.header("authorization"))));
    auth = new AuthInternalServer();
    content = new ContentFeedServer();
    content.publish("demo", "aaaaaaaaaaaaaaaaaaaa", Page.html("/index.html", "home"));
    content.settings(
        "demo",
        """
        {"origins":[{"id":"app","protocol":"http","host":"127.0.0.1","port":PORT}],
         "accessPolicies":[{"id":"staff","signedIn":true,"groups":{"any":["staff"],"all":[]},
           "credentials":["session","bearer"],
           "forwardClaims":[{"claim":"username","header":"X-User"}]}],
         "behaviours":[{"pattern":"/staff/*","origin":"app","accessPolicy":"staff"}]}\
        """
            .replace("PORT", String.valueOf(origin.port())));
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
            "portico.origin.content-api",
            api.url(),
            "portico.origin.allowed-inner",
            "127.0.0.0/8",
            "portico.cognito.issuer",
            ISSUER,
            "portico.cognito.jwks-url",
            pool.url() + "/jwks.json",
            "portico.cognito.client-ids",
            "portico");
    await().until(gateway::ready);
    await().until(() -> get("Authorization: Bearer " + staff).status() == 200);
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
    auth.close();
    content.close();
    origin.close();
    api.close();
    pool.close();
  }

  /** Content-service's public API: who is a member of the site. */
  private static void members(OriginServer.Request request) throws IOException {
    request.drain();
    String who = request.header("authorization");
    boolean member =
        List.of("Bearer " + staff, "Bearer " + guest, "Bearer pdt_demo_1_member").contains(who);
    request.send(
        "HTTP/1.1 " + (member ? "200 OK" : "404 Not Found") + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static String token(String username, String group) throws JOSEException {
    Instant now = Instant.now();
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject("sub-of-" + username)
                .claim("token_use", "access")
                .claim("client_id", "portico")
                .claim("username", username)
                .claim("cognito:groups", List.of(group))
                .issueTime(Date.from(now.minusSeconds(5)))
                .expirationTime(Date.from(now.plusSeconds(600)))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  private static RawClient.Response get(String... headers) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.get(HOST, "/staff/" + PATHS.incrementAndGet(), headers).read();
    }
  }

  @Test
  void whoAsksWithAnAccessTokenIsJudgedByIt() throws IOException {
    RawClient.Response let = get("Authorization: Bearer " + staff, ASKS);
    assertThat(let.status()).isEqualTo(200);
    assertThat(let.text()).as("the origin gets no token").contains("email=ada", "credentials=");
    assertThat(let.text()).doesNotContain("Bearer");
    assertThat(let.header("portico-explain"))
        .contains("\"access\":[{\"policy\":\"staff\",\"decision\":\"admitted\"}]")
        .contains("\"x-user\":\"(secret)\"")
        .doesNotContain(staff);
    RawClient.Response refused = get("Authorization: Bearer " + guest, ASKS);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("portico-explain"))
        .contains("\"decision\":\"refused\",\"because\":\"groups\"")
        .doesNotContain(guest);
    RawClient.Response instead = get("Authorization: Bearer " + staff, "Portico-Explain: json");
    assertThat(instead.text()).contains("\"decision\":\"admitted\"").doesNotContain(staff);
  }

  /** Nobody can tell the difference who may not ask, but that the origin is not shown the token. */
  @Test
  void whoMayNotAskIsJudgedAsEver() throws IOException {
    for (String value : List.of("1", "json", "other")) {
      RawClient.Response let =
          get("Authorization: Bearer " + stranger, "Portico-Explain: " + value);
      assertThat(let.status()).as(value).isEqualTo(200);
      assertThat(let.text()).contains("email=eve").doesNotContain("Bearer");
      assertThat(let.header("portico-explain")).isEmpty();
    }
    assertThat(get("Authorization: Bearer a.b.c", ASKS).status()).isEqualTo(401);
  }

  @Test
  void aDeployTokenIsNobodysAccount() throws IOException {
    RawClient.Response nobody = get(DEPLOY_TOKEN, ASKS);
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.header("portico-explain")).contains("\"decision\":\"sign-in-required\"");
    String session = auth.session("demo", auth.signIn("ann", "staff"));
    RawClient.Response beside = get(DEPLOY_TOKEN, ASKS, "Cookie: __Host-portico=" + session);
    assertThat(beside.status()).isEqualTo(200);
    assertThat(beside.text()).contains("email=ann").doesNotContain("Bearer");
    assertThat(beside.header("portico-explain"))
        .contains("\"decision\":\"admitted\"")
        .doesNotContain(session);
  }
}
