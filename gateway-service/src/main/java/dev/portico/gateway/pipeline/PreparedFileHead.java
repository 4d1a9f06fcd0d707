package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.response.policy.SecurityHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a head that is kept with a cached blob was made for. */
record PreparedFileHead(
    ShownFile shown,
    boolean strict,
    @Nullable HeadRules rules,
    @Nullable String variant,
    ResponseHead head) {
  // By identity: rules are one object as long as they hold, and long to compare.
  @SuppressWarnings("ReferenceEquality")
  boolean fits(ShownFile wanted, ViewerExchange exchange) {
    HeadRules wantedRules = exchange.rules();
    return strict == SecurityHeaders.strictTransport(exchange.request())
        && rules == wantedRules
        && (rules == null || Objects.equals(variant, rules.variant(exchange.request())))
        && shown.equals(wanted);
  }
}
