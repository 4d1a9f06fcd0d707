package dev.portico.gateway.access.session;

import static dev.portico.gateway.service.ServiceClient.discard;
import static dev.portico.gateway.service.ServiceClient.send;

import dev.portico.gateway.access.session.AuthJson.SessionAnswer;
import dev.portico.gateway.service.ServiceClient;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
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

  private final ServiceClient client;
  private final JsonMapper json;

  AuthInternal(SessionSettings settings, JsonMapper json) {
    this.json = json;
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
   * @return where the browser is to go
   */
  public String authorize(AuthorizationRequest request) throws IOException {
    return client.within(
        PATIENCE,
        () -> {
          HttpURLConnection call = client.open("POST", "/internal/authorizations");
          send(call, json.writeValueAsBytes(request));
          if (call.getResponseCode() != CREATED) {
            discard(call);
            throw client.unexpected(call);
          }
          return read(call, AuthJson.Authorization.class).location();
        });
  }

  /**
   * Redeems a code, which can be done once.
   *
   * @param viewer the address of the browser, for the audit log
   */
  Redeemed redeem(String site, String redirectUri, String code, String verifier, String viewer)
      throws IOException {
    long asked = System.nanoTime();
    var redemption = new AuthJson.Redemption(site, redirectUri, code, verifier);
    return client.within(
        PATIENCE,
        () -> {
          HttpURLConnection call = open("/internal/sessions", viewer);
          send(call, json.writeValueAsBytes(redemption));
          return switch (call.getResponseCode()) {
            case CREATED -> opened(read(call, SessionAnswer.class), asked);
            case BAD_REQUEST -> {
              discard(call);
              yield new Redeemed.Refused();
            }
            default -> {
              discard(call);
              throw client.unexpected(call);
            }
          };
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

  /** Asks what a session is worth. */
  Session query(String value, String site, String viewer) throws IOException {
    long asked = System.nanoTime();
    return client.within(
        PATIENCE,
        () -> {
          HttpURLConnection call = open("/internal/sessions/query", viewer);
          send(call, json.writeValueAsBytes(new AuthJson.Query(value, site)));
          require(call, OK);
          return Session.of(read(call, SessionAnswer.class), asked);
        });
  }

  /** Ends the sign-in that a session belongs to, or everything that its account has. */
  void end(String value, String site, boolean everywhere, String viewer) throws IOException {
    client.within(
        PATIENCE,
        () -> {
          HttpURLConnection call = open("/internal/sessions/end", viewer);
          send(call, json.writeValueAsBytes(new AuthJson.End(value, site, everywhere)));
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

  private HttpURLConnection open(String path, String viewer) throws IOException {
    HttpURLConnection call = client.open("POST", path);
    call.setRequestProperty("X-Forwarded-For", viewer);
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
