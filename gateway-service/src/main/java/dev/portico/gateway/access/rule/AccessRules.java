package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.rule.AccessDecision.Reason;
import dev.portico.gateway.access.rule.AccessPolicy.Accounts;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.origin.address.Cidr;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers: may this request have what it asks for? From what costs least to what costs most, so
 * that nobody is asked about a request that is refused anyway.
 */
public final class AccessRules {
  private AccessRules() {}

  /** Decides, or says what must be found out first. */
  public static AccessDecision decide(AccessPolicy policy, AccessFacts facts) {
    if (!policy.understood()) {
      return undecided("the access policy " + policy.id() + " is not understood");
    }
    if (holds(policy.exempt(), facts.address())) {
      return new AccessDecision.Admitted(true, null);
    }
    if (!policy.required().isEmpty() && !holds(policy.required(), facts.address())) {
      return refused(Reason.ADDRESS, "is not for the network that you come from", null);
    }
    if (policy.keys() != null && facts.signature() != SignatureVerdict.VALID) {
      return refused(
          Reason.SIGNATURE, "needs a signature; that given " + facts.signature().text(), null);
    }
    if (policy.password() != null && !facts.passed()) {
      return new AccessDecision.PasswordRequired();
    }
    return policy.accounts() == null
        ? authorized(policy, facts, null)
        : identified(policy, policy.accounts(), facts);
  }

  /**
   * Whether a policy asks those who come from an address for more than that.
   *
   * @param address a literal
   */
  public static boolean asksMore(AccessPolicy policy, String address) {
    return policy.understood()
        && !holds(policy.exempt(), address)
        && (policy.required().isEmpty() || holds(policy.required(), address));
  }

  private static boolean holds(List<Cidr> ranges, String address) {
    if (ranges.isEmpty()) {
      return false;
    }
    InetAddress from = InetAddress.ofLiteral(address);
    for (Cidr range : ranges) {
      if (range.contains(from)) {
        return true;
      }
    }
    return false;
  }

  private static AccessDecision identified(
      AccessPolicy policy, Accounts accounts, AccessFacts facts) {
    Identification who = facts.who();
    if (who == null) {
      return new AccessDecision.AskIdentity();
    }
    return switch (who) {
      case Identification.Known known -> account(policy, accounts, facts, known.identity());
      case Identification.Nobody nobody -> new AccessDecision.SignInRequired();
      case Identification.InvalidToken token ->
          accounts.bearer()
              ? new AccessDecision.InvalidToken(token.description())
              : new AccessDecision.SignInRequired();
      case Identification.Unavailable unavailable ->
          undecided("it cannot be found out who the request is from");
    };
  }

  private static AccessDecision account(
      AccessPolicy policy, Accounts accounts, AccessFacts facts, Identity identity) {
    boolean proof =
        switch (identity.credential()) {
          case SESSION -> accounts.session();
          case BEARER -> accounts.bearer();
        };
    if (!proof) {
      return new AccessDecision.SignInRequired();
    }
    AccessDecision refused = refused(accounts, identity);
    if (refused != null) {
      return refused;
    }
    Role least = accounts.member();
    if (least != null) {
      Membership membership = facts.membership();
      if (membership == null) {
        return new AccessDecision.AskMembership(identity.subject());
      }
      if (!(membership instanceof Membership.Known known)) {
        return undecided("it cannot be found out who is a member of the site");
      }
      if (known.role() == null || known.role().compareTo(least) < 0) {
        return refused(Reason.MEMBER, "is for members of this site", identity);
      }
    }
    return authorized(policy, facts, identity);
  }

  private static @Nullable AccessDecision refused(Accounts accounts, Identity identity) {
    Set<String> groups = identity.groups();
    boolean none = !accounts.any().isEmpty() && Collections.disjoint(accounts.any(), groups);
    if (none || !groups.containsAll(accounts.all())) {
      return refused(Reason.GROUPS, "is for groups that your account is not in", identity);
    }
    for (AccessPolicy.Claim claim : accounts.claims()) {
      if (Collections.disjoint(claim.values(), Claims.values(identity, claim.name()))) {
        return refused(Reason.CLAIMS, "is for other accounts", identity);
      }
    }
    return identity.scopes().containsAll(accounts.scopes())
        ? null
        : refused(Reason.SCOPES, "needs an access token with other scopes", identity);
  }

  private static AccessDecision authorized(
      AccessPolicy policy, AccessFacts facts, @Nullable Identity identity) {
    if (policy.authorizer() == null) {
      return new AccessDecision.Admitted(false, identity);
    }
    AuthorizerVerdict verdict = facts.authorizer();
    if (verdict == null) {
      return new AccessDecision.AskAuthorizer(identity);
    }
    return switch (verdict) {
      case AuthorizerVerdict.Admits admits -> new AccessDecision.Admitted(false, identity);
      case AuthorizerVerdict.Refuses refuses ->
          refused(Reason.AUTHORIZER, "is not open to you", identity);
      case AuthorizerVerdict.Unavailable unavailable ->
          new AccessDecision.Undecided(EdgeError.AUTHORIZER_DOWN, "the authorizer gives no answer");
    };
  }

  private static AccessDecision undecided(String why) {
    return new AccessDecision.Undecided(EdgeError.UNAVAILABLE, why);
  }

  private static AccessDecision refused(Reason reason, String detail, @Nullable Identity identity) {
    return new AccessDecision.Refused(reason, detail, identity);
  }
}
