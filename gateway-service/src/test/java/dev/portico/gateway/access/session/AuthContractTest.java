package dev.portico.gateway.access.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.revocation.Revocation;
import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.access.session.AuthJson.RevocationsAnswer;
import dev.portico.gateway.access.session.AuthJson.RevocationsQuestion;
import dev.portico.gateway.access.session.AuthJson.SessionAnswer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The gateway speaks and understands deploy/contracts/auth-*.json. */
class AuthContractTest {
  private static final Path CONTRACTS =
      Path.of(System.getProperty("portico.root", ".."), "deploy", "contracts");
  private static final String SESSION = "Zr0c6vXy1n2m3b4v5c6x7z8a9s0d1f2g3h4j5k6l7q8";
  private static final long AUTHENTICATED = 1_764_370_000;

  private static ApplicationContext context;
  private static JsonMapper json;

  @BeforeAll
  static void start() {
    context = ApplicationContext.builder().environmentPropertySource(false).start();
    json = context.getBean(JsonMapper.class);
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  private static byte[] golden(String name) throws IOException {
    return Files.readAllBytes(CONTRACTS.resolve(name));
  }

  private static void assertSays(Object said, String name) throws IOException {
    Argument<Map<String, Object>> map = Argument.mapOf(String.class, Object.class);
    assertThat(json.readValue(json.writeValueAsBytes(said), map))
        .isEqualTo(json.readValue(golden(name), map));
  }

  private static Session session(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Session.of(json.readValue(bytes, Argument.of(SessionAnswer.class)), 0);
  }

  @Test
  void understandsAccessTokens() throws IOException {
    AuthJson.TokenAnswer answer =
        json.readValue(golden("auth-session-token.json"), Argument.of(AuthJson.TokenAnswer.class));
    assertThat(answer.state()).isEqualTo("active");
    assertThat(answer.accessToken()).startsWith("eyJ").endsWith(".c2lnbmF0dXJl");
    assertThat(answer.expiresAt()).isEqualTo(1_764_373_600);
    assertThat(answer.toString()).doesNotContain("eyJ");
    AuthJson.TokenAnswer ended =
        json.readValue(golden("auth-session-ended.json"), Argument.of(AuthJson.TokenAnswer.class));
    assertThat(ended.state()).isEqualTo("ended");
    assertThat(ended.accessToken()).isNull();
  }

  @Test
  void whatItSays() throws IOException {
    assertSays(
        new AuthorizationRequest(
            "docs",
            "https://docs.example.com/.portico/auth/callback",
            "pW0kq3vYt6sJ9aB2cD4eFg",
            "n7RkQ2xLm8Zt5VbC1dW0yA",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "login",
            new SignInLook("Docs", "#0b5fff", "https://docs.example.com/logo.svg")),
        "auth-authorization-request.json");
    assertSays(
        new AuthJson.Redemption(
            "docs",
            "https://docs.example.com/.portico/auth/callback",
            "q0E2cUq7z1hYk3m5p8r9t2v4x6A8C0D2E4F6G8H0J1K",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        "auth-redemption.json");
    assertSays(new AuthJson.Query(SESSION, "docs"), "auth-session-query.json");
    assertSays(new AuthJson.End(SESSION, "docs", false), "auth-session-end.json");
    assertSays(
        new RevocationsQuestion("gw-7f3a9c2e51d04b86", 41, "41-b7c2a90f5e6d4138", 3_000),
        "auth-revocations-request.json");
  }

  @Test
  void whereABrowserGoes() throws IOException {
    AuthJson.Authorization read =
        json.readValue(
            golden("auth-authorization.json"), Argument.of(AuthJson.Authorization.class));
    assertThat(read.location())
        .startsWith("https://auth.example.com/authorize?client_id=docs&request_uri=urn");
  }

  @Test
  void aSession() throws IOException {
    SessionAnswer answer =
        json.readValue(golden("auth-session.json"), Argument.of(SessionAnswer.class));
    assertThat(answer.session()).isEqualTo(SESSION);
    assertThat(SessionKey.possible(SESSION)).isTrue();
    assertThat(answer.maxAgeSeconds()).isEqualTo(2_592_000);
    assertThat(answer.nonce()).isEqualTo("n7RkQ2xLm8Zt5VbC1dW0yA");
    Session session = Session.of(answer, 0);
    assertThat(session.signIn()).isEqualTo("s-6f1d2c9b7a534e80");
    Identity identity = ((Identification.Known) session.who(AUTHENTICATED)).identity();
    assertThat(identity.credential()).isEqualTo(Identity.Credential.SESSION);
    assertThat(identity.subject()).isEqualTo("5f0c8a2e-7d34-4b1c-9e6a-2f8b7c1d0e9a");
    assertThat(identity.username()).isEqualTo("ann");
    assertThat(identity.email()).isEqualTo("ann@example.com");
    assertThat(identity.emailVerified()).isTrue();
    assertThat(identity.name()).isEqualTo("Ann");
    assertThat(identity.groups()).containsExactlyInAnyOrder("publishers", "staff");
    assertThat(identity.claims())
        .containsEntry("custom:department", "engineering")
        .containsEntry("locale", "de");
    assertThat(identity.claimLists()).isEqualTo(Map.of("teams", List.of("red", "green")));
    assertThat(identity.authenticatedAt()).isEqualTo(Instant.ofEpochSecond(AUTHENTICATED));
    assertThat(identity.expiresAt()).isEqualTo(Instant.ofEpochSecond(1_766_962_000));
    assertThat(identity.token()).startsWith("eyJ");
    Identity later = ((Identification.Known) session.who(1_764_370_300)).identity();
    assertThat(later.token()).as("its statement for origins is over").isNull();
    assertThat(later.username()).isEqualTo("ann");
  }

  @Test
  void forHowLongItIsBelieved() throws IOException {
    Session session =
        Session.of(
            json.readValue(golden("auth-session.json"), Argument.of(SessionAnswer.class)), 1_000);
    long second = Duration.ofSeconds(1).toNanos();
    long minute = 60 * second;
    assertThat(session.fresh(1_000 + minute - 1, minute)).isTrue();
    assertThat(session.fresh(1_000 + minute, minute)).isFalse();
    assertThat(session.fresh(1_000 + second, second)).isFalse();
    Duration grace = Duration.ofMinutes(5);
    assertThat(session.lives(1_000 + 6 * minute - 1, grace)).isTrue();
    assertThat(session.lives(1_000 + 6 * minute, grace)).isFalse();
    Revocations none = context.getBean(Revocations.class);
    assertThat(session.over(none, 1_766_961_999)).isFalse();
    assertThat(session.over(none, 1_766_962_000)).isTrue();
  }

  @Test
  void aSessionThatIsOver() throws IOException {
    SessionAnswer answer =
        json.readValue(golden("auth-session-ended.json"), Argument.of(SessionAnswer.class));
    assertThat(Session.of(answer, 0).over()).isTrue();
  }

  @Test
  void readersIgnoreWhatTheyDoNotKnow() throws IOException {
    String text =
        """
        {"state":"active","new":{"a":[1]},"identity":{"signIn":"s","subject":"u","new":1,
         "authenticatedAt":1,"expiresAt":9999999999}}\
        """;
    Identity identity = ((Identification.Known) session(text).who(1)).identity();
    assertThat(identity.username()).isEqualTo("u");
    assertThat(identity.groups()).isEmpty();
    assertThat(identity.token()).isNull();
    assertThat(session(text).fresh(1, Long.MAX_VALUE)).as("it says of no time").isFalse();
  }

  @Test
  void whatCannotBeUnderstoodIsNoSession() {
    for (String text :
        new String[] {
          "{\"state\":\"perhaps\"}",
          "{\"state\":\"active\"}",
          "{\"state\":\"active\",\"identity\":{\"subject\":\"u\",\"expiresAt\":1}}",
        }) {
      assertThatThrownBy(() -> session(text)).as(text).isInstanceOf(IOException.class);
    }
  }

  @Test
  void revocationsAreKeptForAsLongAsAuthServiceSays() throws IOException {
    assertThat(
            json.readValue(
                golden("revocation-life.json"), Argument.mapOf(String.class, Long.class)))
        .containsExactly(Map.entry("seconds", Revocations.LIFE));
  }

  @Test
  void revocations() throws IOException {
    RevocationsAnswer answer =
        json.readValue(golden("auth-revocations.json"), Argument.of(RevocationsAnswer.class));
    assertThat(answer.position()).isEqualTo(44);
    assertThat(answer.mark()).isEqualTo("44-5d1f0b7a93c2e864");
    assertThat(answer.goesOn()).isFalse();
    assertThat(answer.entries().stream().map(RevocationFollower::understood))
        .containsExactly(
            new Revocation.SignIn("s-6f1d2c9b7a534e80", 1_764_456_700),
            new Revocation.Token("0b1e5a52-3f7d-4c7e-8a11-6f6a2d9d3c55", 1_764_456_700),
            new Revocation.User(
                "5f0c8a2e-7d34-4b1c-9e6a-2f8b7c1d0e9a", 1_764_370_030, 1_764_456_729));
    byte[] none = "{\"position\":44}".getBytes(StandardCharsets.UTF_8);
    answer = json.readValue(none, Argument.of(RevocationsAnswer.class));
    assertThat(answer.entries()).isEmpty();
    assertThat(answer.goesOn()).isFalse();
  }
}
