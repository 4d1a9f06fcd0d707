package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.Pool;
import dev.portico.auth.session.SessionAuthority;
import dev.portico.auth.session.SignInContext;
import dev.portico.auth.session.SignInOutcome;
import dev.portico.auth.session.Tokens;
import dev.portico.auth.signin.SignIns;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a gateway and a browser do at a site: a sign-in with its steps, in one go or one by one. */
final class SiteVisit {
  static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  static final String STATE = "pW0kq3vYt6sJ9aB2cD4eFg";
  static final String NONCE = "n7RkQ2xLm8Zt5VbC1dW0yA";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RunningService service;
  private final String site;

  SiteVisit(RunningService service, String site) {
    this.service = service;
    this.site = site;
  }

  String redirectUri() {
    return "https://" + site + ".example.com/.portico/auth/callback";
  }

  /** Cognito's tokens for an account. */
  static Tokens tokens(RunningService service, String address) {
    var outcome =
        service
            .bean(SessionAuthority.class)
            .signIn(
                address,
                Pool.PASSWORD,
                new SignInContext("127.0.0.1", "auth.localhost", "/sign-in", Map.of()));
    assertThat(outcome).isInstanceOf(SignInOutcome.SignedIn.class);
    return ((SignInOutcome.SignedIn) outcome).tokens();
  }

  /** Signs a browser in at the auth host, as the pages do. */
  static SignIns.Begun signIn(RunningService service, String address) {
    return service.bean(SignIns.class).begin(tokens(service, address));
  }

  /** The request as it is pushed. */
  ObjectNode request() {
    return JSON.createObjectNode()
        .put("site", site)
        .put("redirectUri", redirectUri())
        .put("state", STATE)
        .put("nonce", NONCE)
        .put("codeChallenge", CHALLENGE);
  }

  Answer push(ObjectNode request) {
    return service.internal("/internal/authorizations", request.toString());
  }

  /** Where the gateway sends the browser. */
  URI pushed() {
    Answer answer = push(request());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return URI.create(answer.field("location"));
  }

  /** The browser at the auth host. */
  Answer authorize(URI location, String cookie) {
    return service
        .api()
        .get(
            location.getRawPath() + "?" + location.getRawQuery(),
            "Cookie",
            "__Host-portico-auth=" + cookie);
  }

  /** The code for a browser that is signed in. */
  String code(String cookie) {
    Answer answer = authorize(pushed(), cookie);
    assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    var query = query(answer.header("Location"));
    assertThat(query).as(answer.header("Location")).containsKey("code");
    return String.valueOf(query.get("code"));
  }

  static Map<String, String> query(String location) {
    return Arrays.stream(URI.create(location).getQuery().split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  Answer redeem(String code) {
    return redeem(code, VERIFIER, redirectUri());
  }

  Answer redeem(String code, String verifier, String uri) {
    return service.internal(
        "/internal/sessions",
        JSON.createObjectNode()
            .put("site", site)
            .put("redirectUri", uri)
            .put("code", code)
            .put("codeVerifier", verifier)
            .toString());
  }

  /** The session of a browser that is signed in. */
  String session(String cookie) {
    Answer answer = redeem(code(cookie));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.field("session");
  }

  Answer query(RunningService at, String session) {
    return at.internal(
        "/internal/sessions/query",
        JSON.createObjectNode().put("session", session).put("site", site).toString());
  }

  /** The access token of a session, as a gateway asks for it. */
  Answer accessToken(String session) {
    return service.internal(
        "/internal/sessions/access-token",
        JSON.createObjectNode().put("session", session).put("site", site).toString());
  }

  /** Whether a session is active, as a copy says. */
  String state(RunningService at, String session) {
    Answer answer = query(at, session);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.field("state");
  }

  String state(String session) {
    return state(service, session);
  }

  Answer end(String session, boolean everywhere) {
    return service.internal(
        "/internal/sessions/end",
        JSON.createObjectNode()
            .put("session", session)
            .put("site", site)
            .put("everywhere", everywhere)
            .toString());
  }
}
