package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identities;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.Sessions;
import dev.portico.gateway.access.token.AccessTokens;
import dev.portico.gateway.exchange.ViewerRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is from: by the access token that it shows, or else by the session of its browser.
 * A token that does not hold may be meant for the origin, so it takes nothing from a session that
 * does.
 */
@Singleton
final class RequestIdentities implements Identities {
  private static final Identification NOBODY = new Identification.Nobody();
  private static final Identification UNAVAILABLE = new Identification.Unavailable();
  private static final String AUTHORIZATION = "authorization";

  private final Sessions sessions;
  private final AccessTokens tokens;

  RequestIdentities(Sessions sessions, AccessTokens tokens) {
    this.sessions = sessions;
    this.tokens = tokens;
  }

  @Override
  public @Nullable Identification known(ViewerRequest request, String site) {
    String session = PorticoCookies.session(request.headers());
    String credentials = credentials(request);
    if (credentials == null) {
      return session == null ? NOBODY : sessions.known(session, site, request.memory());
    }
    Identification byToken =
        sessions.followed() ? tokens.known(credentials, request.memory()) : UNAVAILABLE;
    if (byToken == null || byToken instanceof Identification.Known || session == null) {
      return byToken;
    }
    Identification bySession = sessions.known(session, site, request.memory());
    return bySession == null ? null : better(byToken, bySession);
  }

  @Override
  public CompletionStage<Identification> ask(ViewerRequest request, String site) {
    String session = PorticoCookies.session(request.headers());
    String credentials = credentials(request);
    if (credentials == null) {
      return session == null
          ? CompletableFuture.completedFuture(NOBODY)
          : sessions.ask(session, site, request);
    }
    CompletionStage<Identification> asked =
        sessions.followed()
            ? tokens.ask(credentials)
            : CompletableFuture.completedFuture(UNAVAILABLE);
    return asked.thenCompose(
        byToken ->
            byToken instanceof Identification.Known || session == null
                ? CompletableFuture.completedFuture(byToken)
                : sessions
                    .ask(session, site, request)
                    .thenApply(bySession -> better(byToken, bySession)));
  }

  private @Nullable String credentials(ViewerRequest request) {
    String credentials =
        request.headers().contains(AUTHORIZATION) ? request.headers().joined(AUTHORIZATION) : null;
    return tokens.concerns(credentials) ? credentials : null;
  }

  /** Of a token that admits nobody, and what the session beside it comes to. */
  private static Identification better(Identification byToken, Identification bySession) {
    return bySession instanceof Identification.Nobody ? byToken : bySession;
  }
}
