package dev.portico.gateway.access.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.access.Identification;
import dev.portico.gateway.exchange.ViewerRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers: with which access token does a request with this session call Portico's own API? A
 * session that is over has none, from when its revocation arrives, whatever is remembered here.
 */
@Singleton
public final class SessionTokens {
  /** Tokens that are remembered; those of the sessions that were used last. */
  static final int MOST = 10_000;

  /** No token is shown that expires sooner: the service may have another clock. */
  private static final Duration LEFT = Duration.ofSeconds(10);

  private final AuthInternal auth;
  private final Sessions sessions;
  private final Cache<SessionKey, Token> held =
      Caffeine.newBuilder()
          .maximumSize(MOST)
          .expireAfterWrite(Session.FRESH)
          .executor(Runnable::run)
          .build();
  private final ConcurrentMap<SessionKey, CompletableFuture<Token>> asking =
      new ConcurrentHashMap<>();

  SessionTokens(AuthInternal auth, Sessions sessions) {
    this.auth = auth;
    this.sessions = sessions;
  }

  /** What a session comes to. */
  public sealed interface Answer {
    /**
     * Somebody is signed in.
     *
     * @param token their access token
     */
    record SignedIn(String token) implements Answer {
      /** Without the secret, since what is printed may be logged. */
      @Override
      public String toString() {
        return "SignedIn";
      }
    }

    /** The session is none, or over. */
    record Nobody() implements Answer {}
  }

  /**
   * An access token.
   *
   * @param text it; empty: the session is over
   * @param expiresAt in seconds of the epoch
   */
  record Token(String text, long expiresAt) {
    private boolean lives() {
      return System.currentTimeMillis() / 1_000 + LEFT.toSeconds() < expiresAt;
    }

    /** Without the secret, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Token[expiresAt=" + expiresAt + ']';
    }
  }

  /**
   * From memory alone.
   *
   * @return null when auth-service is to be asked
   */
  public @Nullable Answer known(String value, String site) {
    Identification who = sessions.known(value, site);
    if (who instanceof Identification.Nobody) {
      return new Answer.Nobody();
    }
    if (!(who instanceof Identification.Known)) {
      return null;
    }
    Token token = held.getIfPresent(SessionKey.of(site, value));
    return token != null && token.lives() ? new Answer.SignedIn(token.text()) : null;
  }

  /**
   * Asks auth-service for what is not known; once, however many requests wait for it. Blocks.
   *
   * @param viewer the browser's request, of which the audit log has the address
   * @throws IOException when it cannot be told now
   */
  public Answer ask(String value, String site, ViewerRequest viewer) throws IOException {
    Identification who = sessions.ask(value, site, viewer).toCompletableFuture().join();
    if (who instanceof Identification.Nobody) {
      return new Answer.Nobody();
    }
    if (!(who instanceof Identification.Known)) {
      throw new IOException("it cannot be told now who a session is of");
    }
    Token token = token(SessionKey.of(site, value), value, viewer);
    if (token.text().isEmpty()) {
      return new Answer.Nobody();
    }
    if (!token.lives()) {
      throw new IOException("auth-service gave an access token that is about to expire");
    }
    return new Answer.SignedIn(token.text());
  }

  private Token token(SessionKey key, String value, ViewerRequest viewer) throws IOException {
    CompletableFuture<Token> mine = new CompletableFuture<>();
    CompletableFuture<Token> other = asking.putIfAbsent(key, mine);
    if (other != null) {
      return answer(other);
    }
    try {
      // Somebody may have asked since it was looked for.
      Token found = held.getIfPresent(key);
      Token token =
          found != null && found.lives() ? found : auth.accessToken(value, key.site(), viewer);
      held.put(key, token);
      mine.complete(token);
      return token;
    } catch (IOException | RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      asking.remove(key, mine);
    }
  }

  private static Token answer(CompletableFuture<Token> other) throws IOException {
    try {
      return other.join();
    } catch (CompletionException e) {
      throw new IOException("another's question was not answered", e);
    }
  }
}
