package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.OwnOrigin;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.authorizer.Authorizers;
import dev.portico.gateway.access.password.PasswordPass;
import dev.portico.gateway.access.rule.AccessDecision;
import dev.portico.gateway.access.rule.AccessFacts;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.rule.AccessRules;
import dev.portico.gateway.access.rule.AuthorizerVerdict;
import dev.portico.gateway.access.rule.Membership;
import dev.portico.gateway.access.rule.SignatureVerdict;
import dev.portico.gateway.access.signed.SignedRequests;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request at the guard: what each policy's decision needs is found out, from memory where it is
 * there, until all have let it in or one has not.
 */
final class AccessAttempt {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> AUTHORIZATION = Set.of("authorization");

  private final AccessGuard guard;
  private final ViewerExchange exchange;
  private final ViewerExchange plain;
  private final SiteResolution.Routable site;
  private final List<AccessPolicy> policies;
  private final Consumer<ViewerExchange> next;
  private final Set<String> toldNames;
  private final ToldToOrigin told;
  private final List<Identified> identified = new ArrayList<>();
  private int at;
  private AccessFacts facts;

  AccessAttempt(
      AccessGuard guard,
      ViewerExchange exchange,
      ViewerExchange plain,
      SiteResolution.Routable site,
      List<AccessPolicy> policies,
      Consumer<ViewerExchange> next) {
    this.guard = guard;
    this.exchange = exchange;
    this.plain = plain;
    this.site = site;
    this.policies = policies;
    this.next = next;
    this.toldNames = AccessGuard.toldNames(site);
    this.told = new ToldToOrigin(toldNames);
    this.facts = facts(policies.getFirst());
  }

  void start() {
    ExplainedAccess.asked(exchange, policies);
    step();
  }

  private AccessFacts facts(AccessPolicy policy) {
    ViewerRequest request = exchange.request();
    String address = request.clientAddress();
    SignatureVerdict signature =
        policy.keys() == null || !AccessRules.asksMore(policy, address)
            ? SignatureVerdict.MISSING
            : guard
                .signatures()
                .judge(
                    request,
                    InetAddress.ofLiteral(address),
                    policy.keys(),
                    guard.clock().instant());
    AccessPolicy.Password password = policy.password();
    boolean passed =
        password != null
            && PasswordPass.holds(
                request.headers(),
                site.site(),
                policy.id(),
                password.hash(),
                guard.clock().instant());
    return new AccessFacts(address, signature, passed, null, null, null);
  }

  /** Decides until something must be waited for. */
  private void step() {
    boolean goesOn = true;
    while (goesOn) {
      AccessPolicy policy = policies.get(at);
      AccessDecision decision = AccessRules.decide(policy, facts);
      goesOn =
          switch (decision) {
            case AccessDecision.AskIdentity ask -> identity(policy);
            case AccessDecision.AskMembership ask -> membership(ask.subject());
            case AccessDecision.AskAuthorizer ask -> authorizer(policy, ask.identity());
            default -> decided(policy, decision);
          };
    }
  }

  private boolean identity(AccessPolicy policy) {
    ViewerRequest shown = shown(policy);
    Identification known = guard.identities().known(shown, site.site());
    if (known != null) {
      facts = facts.with(known);
      return true;
    }
    return await(
        () -> guard.identities().ask(shown, site.site()),
        new Identification.Unavailable(),
        found -> facts = facts.with(found));
  }

  /** The request with those proofs alone that the policy takes. */
  private ViewerRequest shown(AccessPolicy policy) {
    ViewerRequest request = exchange.request();
    AccessPolicy.Accounts accounts = policy.accounts();
    HeaderFields fields = request.headers();
    if (accounts != null && !accounts.session()) {
      fields = PorticoCookies.without(fields);
    }
    if (accounts != null && !accounts.bearer() && fields.contains("authorization")) {
      fields = FieldList.without(fields, AUTHORIZATION);
    }
    return request.with(fields);
  }

  private boolean membership(String subject) {
    Membership known = guard.members().known(site.site(), subject);
    if (known != null) {
      facts = facts.with(known);
      return true;
    }
    return await(
        () -> guard.members().ask(site.site(), subject),
        new Membership.Unavailable(),
        found -> facts = facts.with(found));
  }

  private boolean authorizer(AccessPolicy policy, @Nullable Identity identity) {
    AccessPolicy.Authorizer authorizer = policy.authorizer();
    HttpOrigin origin =
        authorizer == null ? null : settings(policy).origins().get(authorizer.origin());
    if (authorizer == null || origin == null) {
      facts = facts.with(new AuthorizerVerdict.Unavailable());
      return true;
    }
    ToldToOrigin own = new ToldToOrigin(toldNames);
    own.identity(policy.accounts(), identity);
    Authorizers.Question question =
        new Authorizers.Question(
            site.site(),
            authorizer,
            origin,
            account(identity),
            own.applied(plain.request(), false));
    AuthorizerVerdict known = guard.authorizers().known(question);
    if (known != null) {
      facts = facts.with(known);
      return true;
    }
    if (Explained.dry(exchange)) {
      unknown();
      return false;
    }
    exchange.timeline().asks();
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    guard
        .authorizers()
        .ask(
            question,
            exchange.loop(),
            verdict -> {
              facts = facts.with(verdict);
              wait.over(this::step);
            });
    return false;
  }

  /** Those that have the policy. */
  @SuppressWarnings("ReferenceEquality") // The live settings and a preview's may each have one.
  private SiteSettings settings(AccessPolicy policy) {
    SiteSettings live = site.besides();
    return live != null && live.access().policies().get(policy.id()) == policy
        ? live
        : site.settings();
  }

  /** All that an authorizer may be told of an account, without what changes every few minutes. */
  private static String account(@Nullable Identity identity) {
    return identity == null
        ? ""
        : String.join(
            "\n",
            identity.subject(),
            identity.credential().name(),
            identity.username(),
            String.valueOf(identity.email()),
            Boolean.toString(identity.emailVerified()),
            String.valueOf(identity.name()),
            new TreeSet<>(identity.groups()).toString(),
            new TreeSet<>(identity.scopes()).toString(),
            new TreeMap<>(identity.claims()).toString(),
            new TreeMap<>(identity.claimLists()).toString());
  }

  private <T> boolean await(Supplier<CompletionStage<T>> asking, T otherwise, Consumer<T> then) {
    if (Explained.dry(exchange)) {
      unknown();
      return false;
    }
    StoreWait.ask(
        exchange,
        asking,
        otherwise,
        found -> {
          then.accept(found);
          step();
        });
    return false;
  }

  /** Nobody is asked for who only wants to know what would be. */
  private void unknown() {
    ExplainedAccess.unknown(exchange, policies.get(at));
    pass();
  }

  private boolean decided(AccessPolicy policy, AccessDecision decision) {
    ExplainedAccess.decided(exchange, policy, decision);
    if (decision instanceof AccessDecision.Admitted admitted) {
      told.admitted(policy, admitted, facts.authorizer());
      if (admitted.identity() != null && exchange.request().upgrade() != null) {
        identified.add(new Identified(policy, facts));
      }
      if (byCookie(policy, admitted, exchange.request()) && !isOwn(exchange.request())) {
        guard.replies().crossOrigin(exchange);
        return false;
      }
    } else if (!Explained.dry(exchange)) {
      guard.replies().refuse(exchange, site, policy, decision);
      return false;
    }
    at++;
    if (at < policies.size()) {
      facts = facts(policies.get(at));
      return true;
    }
    pass();
    return false;
  }

  /** Whether what let it in is sent by a browser on its own, whoever made the request. */
  private static boolean byCookie(
      AccessPolicy policy, AccessDecision.Admitted admitted, ViewerRequest request) {
    Identity identity = admitted.identity();
    boolean session = identity != null && identity.credential() == Identity.Credential.SESSION;
    boolean signed = policy.keys() != null && SignedRequests.inCookies(request);
    return !admitted.open() && (session || signed || policy.password() != null);
  }

  private static boolean isOwn(ViewerRequest request) {
    boolean harmless = SAFE.contains(request.method()) && request.upgrade() == null;
    return harmless || OwnOrigin.made(request);
  }

  private void pass() {
    boolean signed = false;
    for (AccessPolicy policy : policies) {
      signed |= policy.keys() != null;
    }
    ViewerRequest request = told.applied(plain.request(), signed);
    ViewerExchange admitted =
        request.equals(plain.request()) && toldNames.isEmpty()
            ? plain
            : new AdmittedExchange(plain, request, toldNames);
    ViewerExchange watched =
        identified.isEmpty() ? admitted : new WatchedTunnel(admitted, this::look);
    ErrorReplies.guarded(exchange, () -> next.accept(watched));
  }

  /** A policy that has let in an account to another protocol, and by what. */
  private record Identified(AccessPolicy policy, AccessFacts facts) {}

  /** Looks whether the account that was let in still would be; while nobody knows, it is. */
  private void look(Runnable over) {
    for (Identified each : identified) {
      ViewerRequest shown = shown(each.policy());
      Identification known = guard.identities().known(shown, site.site());
      if (known != null) {
        judge(each, known, over);
      } else {
        guard
            .identities()
            .ask(shown.background(), site.site())
            .thenAcceptAsync(found -> judge(each, found, over), exchange.loop());
      }
    }
  }

  private static void judge(Identified each, Identification found, Runnable over) {
    switch (AccessRules.decide(each.policy(), each.facts().with(found))) {
      case AccessDecision.Refused refused -> over.run();
      case AccessDecision.SignInRequired required -> over.run();
      case AccessDecision.InvalidToken token -> over.run();
      default -> {}
    }
  }
}
