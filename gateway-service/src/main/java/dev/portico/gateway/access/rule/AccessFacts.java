package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identification;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request, as far as it was asked for.
 *
 * @param address the viewer's, as a literal: most policies do not ask for it
 * @param signature what the request's signature is worth
 * @param passed whether the policy's password has been entered in this browser
 * @param who it is from; null: not asked yet
 * @param membership what the account is to the site; null: not asked yet
 * @param authorizer what the policy's authorizer says; null: not asked yet
 */
public record AccessFacts(
    String address,
    SignatureVerdict signature,
    boolean passed,
    @Nullable Identification who,
    @Nullable Membership membership,
    @Nullable AuthorizerVerdict authorizer) {
  /** The same with who it is from. */
  public AccessFacts with(Identification found) {
    return new AccessFacts(address, signature, passed, found, membership, authorizer);
  }

  /** The same with what the account is to the site. */
  public AccessFacts with(Membership found) {
    return new AccessFacts(address, signature, passed, who, found, authorizer);
  }

  /** The same with what the authorizer says. */
  public AccessFacts with(AuthorizerVerdict found) {
    return new AccessFacts(address, signature, passed, who, membership, found);
  }
}
