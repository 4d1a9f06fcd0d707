package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identities;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.Sessions;
import dev.portico.gateway.exchange.ViewerRequest;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who a request is from, by the session that its browser shows. */
@Singleton
final class RequestIdentities implements Identities {
  private static final Identification NOBODY = new Identification.Nobody();

  private final Sessions sessions;

  RequestIdentities(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public @Nullable Identification known(ViewerRequest request, String site) {
    String session = PorticoCookies.session(request.headers());
    return session == null ? NOBODY : sessions.known(session, site);
  }

  @Override
  public CompletionStage<Identification> ask(ViewerRequest request, String site) {
    String session = PorticoCookies.session(request.headers());
    return session == null
        ? CompletableFuture.completedFuture(NOBODY)
        : sessions.ask(session, site);
  }
}
