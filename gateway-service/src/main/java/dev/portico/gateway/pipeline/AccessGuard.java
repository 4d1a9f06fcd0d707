package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identities;
import dev.portico.gateway.access.authorizer.Authorizers;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.signed.SignedRequests;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.response.policy.PrivateRules;
import dev.portico.gateway.site.SiteMembers;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests through to what answers them, or not. It stands before everything that could say
 * something of what is protected: the cache, origins, files, rules of a deployment, pages for
 * errors, changes of protocol.
 */
@Singleton
final class AccessGuard {
  private final Identities identities;
  private final SiteMembers members;
  private final Authorizers authorizers;
  private final AccessReplies replies;
  private final SignedRequests signatures = new SignedRequests();
  private final Clock clock = Clock.systemUTC();

  AccessGuard(
      Identities identities, SiteMembers members, Authorizers authorizers, AccessReplies replies) {
    this.identities = identities;
    this.members = members;
    this.authorizers = authorizers;
    this.replies = replies;
  }

  /**
   * Passes a request on that may have what it asks for, and answers any other.
   *
   * @param exchange as the viewer sent it, with Portico's cookies
   * @param plain the same without them
   * @param policies that all must hold; one or more
   * @param next gets the exchange as those behind may see it
   */
  void admit(
      ViewerExchange exchange,
      ViewerExchange plain,
      SiteResolution.Routable site,
      List<AccessPolicy> policies,
      Consumer<ViewerExchange> next) {
    exchange.timeline().site(site.site());
    exchange.rules(restricted(exchange.rules()));
    new AccessAttempt(this, exchange, plain, site, policies, next).start();
  }

  /** What is behind no policy is told nothing, and believes nothing that viewers say. */
  static ViewerExchange open(ViewerExchange plain, SiteResolution.Routable site) {
    Set<String> told = toldNames(site);
    if (told.isEmpty()) {
      return plain;
    }
    HeaderFields clean = ToldFields.without(plain.request().headers(), told);
    return new AdmittedExchange(plain, plain.request().with(clean), told);
  }

  /** Names of the fields that only the gateway may say, in lower case. */
  static Set<String> toldNames(SiteResolution.Routable site) {
    Set<String> own = site.settings().access().told();
    SiteSettings live = site.besides();
    if (live == null || live.access().told().isEmpty()) {
      return own;
    }
    Set<String> all = new HashSet<>(own);
    all.addAll(live.access().told());
    return all;
  }

  private static HeadRules restricted(@Nullable HeadRules rules) {
    return rules instanceof PolicyRules policy ? policy.forAdmitted() : PrivateRules.PLAIN;
  }

  Identities identities() {
    return identities;
  }

  SiteMembers members() {
    return members;
  }

  Authorizers authorizers() {
    return authorizers;
  }

  AccessReplies replies() {
    return replies;
  }

  SignedRequests signatures() {
    return signatures;
  }

  Clock clock() {
    return clock;
  }
}
