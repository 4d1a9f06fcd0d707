package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.connection.ListenerSettings;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.ViewerProtocol;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;

/** Answers requests over clear text that a behaviour does not let in. */
@Singleton
final class ViewerProtocols {
  private static final int DEFAULT_PORT = 443;
  private static final int FORBIDDEN = 403;

  private final String port;
  private final boolean reached;

  ViewerProtocols(ListenerSettings settings) {
    int https = settings.portForHttps();
    this.reached = settings.reachedOverHttps();
    this.port = https == DEFAULT_PORT ? "" : ":" + https;
  }

  /** Answers when the behaviour asks for HTTPS and the viewer came without; false else. */
  boolean answers(ViewerExchange exchange, Behaviour behaviour) {
    int status = behaviour.viewerProtocol().judge(exchange.request());
    switch (status) {
      case ViewerProtocol.ADMITTED -> {
        return false;
      }
      case FORBIDDEN -> {
        String[] cache = CacheFields.error(CacheStatus.refused("https-required"));
        ErrorReplies.reply(exchange, EdgeError.HTTPS_REQUIRED, false, cache);
      }
      default -> redirect(exchange, status);
    }
    return true;
  }

  /** Whether it is known where viewers reach this gateway over HTTPS. */
  boolean reachedOverHttps() {
    return reached;
  }

  /** The origin of a host over HTTPS. */
  String overHttps(String host) {
    return "https://" + host + port;
  }

  private void redirect(ViewerExchange exchange, int status) {
    exchange.timeline().outcome(Outcome.LOCAL);
    ViewerRequest request = exchange.request();
    // Asked anew each time: a site that takes HTTPS away again must not be lost to its viewers.
    ResponseHead.Builder head =
        ResponseHead.of(status)
            .add("Location", overHttps(request.host()) + request.rawTarget())
            .add("Cache-Control", "no-store");
    SecurityHeaders.addTo(head, exchange);
    String[] cache = CacheFields.generated(status, "redirect-to-https");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
  }
}
