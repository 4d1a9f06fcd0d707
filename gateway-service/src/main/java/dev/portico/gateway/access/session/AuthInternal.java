package dev.portico.gateway.access.session;

import static dev.portico.gateway.service.ServiceClient.discard;
import static dev.portico.gateway.service.ServiceClient.send;

import dev.portico.gateway.access.session.AuthJson.SessionAnswer;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.service.ServiceClient;
import dev.portico.gateway.trace.TracedCall;
import dev.portico.gateway.trace.Traces;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Auth-service's internal interface. Blocks, and only virtual threads may call it. */
@Singleton
public final class AuthInternal {
  /** How long an answer may take as a whole; of the feed after its waiting. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration POLL_SLACK = Duration.ofSeconds(2);
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final int BAD_REQUEST = 400;
  private static final int GONE = 410;

  private final URI address;
  private final ServiceClient client;
  private final JsonMapper json;
  private final Traces traces;

  AuthInternal(SessionSettings settings, JsonMapper json, Traces traces) {
    this.address = settings.authInternal();
    this.json = json;
    this.traces = traces;
    this.client =
        new ServiceClient(
            "auth-service",
            settings.authInternal(),
            settings.authSecret(),
            CONNECT_PATIENCE,
            PATIENCE);
  }

  /** What came of a code. */
  public sealed interface Redeemed {
    /**
     * A session.
     *
     * @param value what the browser shows from now on
     * @param maxAgeSeconds how long it may keep it
     * @param nonce of the authorization request
     * @param session what is known of it
     */
    record Opened(String value, long maxAgeSeconds, String nonce, Session session)
        implements Redeemed {}

    /** The code is not, or no longer, good for that. */
    record Refused() implements Redeemed {}
  }

  /**
   * Announces a sign-in.
   *
   * @param viewer the browser's request
   * @return where the browser is to go
   */
  public String authorize(AuthorizationRequest request, ViewerRequest viewer) throws IOException {
    return ask(
        "/internal/authorizations",
        viewer,
        request,
        call -> {
          require(call, CREATED);
          return read(call, AuthJson.Authorization.class).location();
        });
  }

  /**
   * Redeems a code, which can be done once.
   *
   * @param viewer the browser's request, of which the audit log has the address
   */
  Redeemed redeem(
      String site, String redirectUri, String code, String verifier, ViewerRequest viewer)
      throws IOException {
    long asked = System.nanoTime();
    return ask(
        "/internal/sessions",
        viewer,
        new AuthJson.Redemption(site, redirectUri, code, verifier),
        call ->
            switch (call.getResponseCode()) {
              case CREATED -> opened(read(call, SessionAnswer.class), asked);
              case BAD_REQUEST -> {
                discard(call);
                yield new Redeemed.Refused();
              }
              default -> {
                discard(call);
                throw client.unexpected(call);
              }
            });
  }

  private static Redeemed opened(SessionAnswer answer, long asked) throws IOException {
    String value = answer.session();
    String nonce = answer.nonce();
    Long maxAge = answer.maxAgeSeconds();
    Session session = Session.of(answer, asked);
    if (value == null || !SessionKey.possible(value) || nonce == null || maxAge == null) {
      throw new IOException("auth-service opened a session that cannot be used");
    }
    return new Redeemed.Opened(value, maxAge, nonce, session);
  }

  /** Asks for the access token of a session; an empty one when it is over. */
  SessionTokens.Token accessToken(String value, String site, ViewerRequest viewer)
      throws IOException {
    return ask(
        "/internal/sessions/access-token",
        viewer,
        new AuthJson.Query(value, site),
        call -> {
          require(call, OK);
          return token(read(call, AuthJson.TokenAnswer.class));
        });
  }

  private static SessionTokens.Token token(AuthJson.TokenAnswer answer) throws IOException {
    if (answer.state().equals("ended")) {
      return new SessionTokens.Token("", 0);
    }
    String text = answer.accessToken();
    Long expiresAt = answer.expiresAt();
    if (!answer.state().equals("active") || text == null || expiresAt == null) {
      throw new IOException("auth-service gave no access token that can be used");
    }
    return new SessionTokens.Token(text, expiresAt);
  }

  /** Asks what a session is worth. */
  Session query(String value, String site, ViewerRequest viewer) throws IOException {
    long asked = System.nanoTime();
    return ask(
        "/internal/sessions/query",
        viewer,
        new AuthJson.Query(value, site),
        call -> {
          require(call, OK);
          return Session.of(read(call, SessionAnswer.class), asked);
        });
  }

  /** Ends the sign-in that a session belongs to, or everything that its account has. */
  void end(String value, String site, boolean everywhere, ViewerRequest viewer) throws IOException {
    ask(
        "/internal/sessions/end",
        viewer,
        new AuthJson.End(value, site, everywhere),
        call -> {
          require(call, NO_CONTENT);
          return true;
        });
  }

  /**
   * Waits for revocations.
   *
   * @return null when the position is of no use any more
   */
  AuthJson.@Nullable RevocationsAnswer revocations(AuthJson.RevocationsQuestion question)
      throws IOException {
    Duration wait = Duration.ofMillis(question.waitMillis());
    return client
        .within(
            wait.plus(PATIENCE),
            () -> {
              HttpURLConnection call = client.open("POST", "/internal/revocations");
              call.setReadTimeout(ServiceClient.millis(wait.plus(POLL_SLACK)));
              send(call, json.writeValueAsBytes(question));
              if (call.getResponseCode() == GONE) {
                discard(call);
                return Optional.<AuthJson.RevocationsAnswer>empty();
              }
              require(call, OK);
              return Optional.of(read(call, AuthJson.RevocationsAnswer.class));
            })
        .orElse(null);
  }

  /** What an answer comes to. */
  private interface Reading<T> {
    T read(HttpURLConnection call) throws IOException;
  }

  /** Asks because of a viewer's request, in its trace. */
  private <T> T ask(String path, ViewerRequest viewer, Object question, Reading<T> reading)
      throws IOException {
    TracedCall traced =
        traces.call(viewer.ids(), "POST", path, address.getHost(), address.getPort(), 0);
    String failure = EdgeError.UNAVAILABLE.category();
    try {
      T answer =
          client.within(
              PATIENCE,
              () -> {
                HttpURLConnection call = open(path, viewer, traced.traceparent());
                send(call, json.writeValueAsBytes(question));
                traced.answered(call.getResponseCode());
                return reading.read(call);
              });
      failure = null;
      return answer;
    } catch (ServiceClient.UnexpectedStatus e) {
      failure = null; // The status tells.
      throw e;
    } finally {
      traced.ended(failure);
    }
  }

  private HttpURLConnection open(String path, ViewerRequest viewer, @Nullable String traceparent)
      throws IOException {
    HttpURLConnection call = client.open("POST", path);
    call.setRequestProperty("X-Forwarded-For", viewer.clientAddress());
    call.setRequestProperty("X-Request-Id", viewer.requestId());
    call.setRequestProperty(
        "traceparent", traceparent == null ? viewer.ids().traceparent() : traceparent);
    return call;
  }

  private void require(HttpURLConnection call, int status) throws IOException {
    if (call.getResponseCode() != status) {
      discard(call);
      throw client.unexpected(call);
    }
  }

  private <T> T read(HttpURLConnection call, Class<T> type) throws IOException {
    try (InputStream in = call.getInputStream()) {
      T read = json.readValue(in, Argument.of(type));
      if (read == null) {
        throw new IOException("auth-service answered null");
      }
      return read;
    } catch (RuntimeException e) {
      throw new IOException("auth-service's answer cannot be understood", e);
    }
  }
}
