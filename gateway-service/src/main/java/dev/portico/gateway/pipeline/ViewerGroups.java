package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identities;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.response.policy.PrivateRules;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which groups a viewer is in, for rules of a deployment that ask. Whoever has no session and no
 * access token, or of whom nobody can say now who it is, is in none: such a rule does not hold.
 */
@Singleton
final class ViewerGroups {
  private static final Set<String> NONE = Set.of();

  private final Identities identities;

  ViewerGroups(Identities identities) {
    this.identities = identities;
  }

  /**
   * Finds them out, from memory where it is there.
   *
   * @param site the name of the site
   * @param next is told them on the exchange's event loop, perhaps before this returns
   */
  void find(ViewerExchange exchange, String site, Consumer<Set<String>> next) {
    ViewerRequest proven = exchange.proven();
    Identification known = identities.known(proven, site);
    if (known != null) {
      next.accept(groups(known));
      return;
    }
    if (Explained.dry(exchange)) {
      Explained.unknownGroups(exchange);
      next.accept(NONE);
      return;
    }
    StoreWait.ask(
        exchange,
        () -> identities.ask(proven, site),
        new Identification.Unavailable(),
        found -> next.accept(groups(found)));
  }

  private static Set<String> groups(Identification of) {
    return of instanceof Identification.Known known ? known.identity().groups() : NONE;
  }

  /** What was made of it is for this viewer alone: no cache on the way may share it. */
  static void keepPrivate(ViewerExchange exchange) {
    HeadRules rules = exchange.rules();
    if (rules instanceof PolicyRules policy) {
      exchange.rules(policy.byRole());
    } else if (!(rules instanceof PrivateRules)) {
      exchange.rules(PrivateRules.BY_ROLE);
    }
  }
}
