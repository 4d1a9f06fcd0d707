package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.response.EditedFields;
import dev.portico.gateway.response.FilePolicy;
import dev.portico.gateway.response.FileResponses;
import dev.portico.gateway.response.policy.PrivateRules;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.SiteFile;
import java.time.Instant;

/**
 * A file as it is shown: as itself, or as the page of an error.
 *
 * @param status 200 as itself
 * @param inPlace whether it stands for the answer of somebody else
 */
record ShownFile(SiteFile file, FilePolicy policy, int status, boolean inPlace) {
  /** The status of a file that is shown as itself. */
  static final int OK = 200;

  /** The head with the whole file. */
  ResponseHead head(ContentCoding coding, boolean held, Instant now, ViewerExchange exchange) {
    ResponseHead head =
        status == OK
            ? FileResponses.whole(file, policy, coding, now)
            : FileResponses.errorPage(status, file, policy, coding);
    return cached(finished(head, exchange), held);
  }

  /** All that the gateway sets by itself, and then what the deployment makes of it. */
  ResponseHead finished(ResponseHead head, ViewerExchange exchange) {
    Explained.ofFile(exchange, head);
    ResponseHead edited =
        EditedFields.of(
            SecurityHeaders.with(head, exchange),
            policy,
            SecurityHeaders.strictTransport(exchange.request()));
    Explained.edited(exchange, edited, policy);
    return exchange.rules() instanceof PrivateRules ? PrivateRules.restricted(edited) : edited;
  }

  /** With what is said of where the bytes came from, where that is about the file. */
  ResponseHead cached(ResponseHead head, boolean held) {
    return inPlace ? head : head.with(CacheFields.file(head.status(), held));
  }
}
