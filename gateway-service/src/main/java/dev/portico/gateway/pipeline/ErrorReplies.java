package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.error.ErrorPage;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an {@link EdgeError} becomes a response. */
final class ErrorReplies {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorReplies.class);
  private static final String RETRY_AFTER_SECONDS = "2";

  private ErrorReplies() {}

  /**
   * Answers with an error; when a response has been started already, cuts it.
   *
   * @param program whether programs are the usual viewers here
   */
  static void reply(ViewerExchange exchange, EdgeError error, boolean program) {
    reply(exchange, error, program, new String[0]);
  }

  /** As above, with a list of the methods that are allowed. */
  static void reply(
      ViewerExchange exchange, EdgeError error, boolean program, @Nullable String allow) {
    reply(exchange, error, program, allow == null ? new String[0] : new String[] {"Allow", allow});
  }

  /** As above, with more header fields: names and values in turn. */
  static void reply(ViewerExchange exchange, EdgeError error, boolean program, String[] more) {
    exchange.timeline().error(error.category());
    exchange.timeline().outcome(Outcome.ERROR);
    if (error == EdgeError.ORIGIN_BUSY || error == EdgeError.UNAVAILABLE) {
      // Neither viewers who ask too much nor what the gateway lacks says anything of a release.
      exchange.timeline().share(null);
    }
    if (exchange.begun()) {
      exchange.abort();
      return;
    }
    ViewerRequest request = exchange.request();
    ErrorPage page =
        ErrorPage.of(
            error,
            error.status(),
            request.requestId(),
            request.headers().joined("accept"),
            program);
    ResponseHead.Builder head =
        ResponseHead.of(error.status())
            .add("Content-Type", page.type())
            .add("Cache-Control", "no-store")
            .add("Vary", "Accept");
    for (int i = 0; i < more.length; i += 2) {
      head.add(more[i], more[i + 1]);
    }
    if (error.passes()) {
      head.add("Retry-After", RETRY_AFTER_SECONDS);
    }
    Explained.ofGateway(exchange, head);
    SecurityHeaders.addTo(head, exchange);
    ResponseHead made = head.build();
    if (!head.has(CacheFields.STATUS)) {
      made = made.with(CacheFields.error(CacheStatus.refused(error.category())));
    }
    exchange.respond(made, Unpooled.copiedBuffer(page.body(), StandardCharsets.UTF_8));
  }

  /** Does something for an exchange: a bug costs that alone, not all that is on its connection. */
  static void guarded(ViewerExchange exchange, Runnable stages) {
    try {
      stages.run();
    } catch (RuntimeException e) {
      reply(exchange, e);
    }
  }

  /** Answers for a bug, which goes to the log under the request's id. */
  static void reply(ViewerExchange exchange, RuntimeException bug) {
    LOG.error("Request {} failed", exchange.request().requestId(), bug);
    reply(exchange, EdgeError.INTERNAL, false);
  }

  /** Answers for a failure, which goes to the log under the request's id. */
  static void reply(ViewerExchange exchange, EdgeException failure, boolean program) {
    reply(exchange, failure, program, new String[0]);
  }

  /** As above, with more header fields: names and values in turn. */
  static void reply(
      ViewerExchange exchange, EdgeException failure, boolean program, String[] more) {
    LOG.warn(
        // No stack: what an origin does wrong is not found in the gateway's code.
        "Request {} failed: {}: {}{}",
        exchange.request().requestId(),
        failure.error().category(),
        failure.getMessage(),
        failure.getCause() == null ? "" : " (" + failure.getCause() + ')');
    reply(exchange, failure.error(), program, more);
  }
}
