package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identity;
import dev.portico.gateway.error.EdgeError;
import org.jspecify.annotations.Nullable;

/** What an access policy makes of what is known of a request. */
public sealed interface AccessDecision {
  /**
   * It may have what it asks for.
   *
   * @param open whether by its address alone, so that the answer is for whoever is there
   * @param identity who it is from; null where that was not asked
   */
  record Admitted(boolean open, @Nullable Identity identity) implements AccessDecision {}

  /** It must be found out who it is from. */
  record AskIdentity() implements AccessDecision {}

  /**
   * It must be found out what an account is to the site.
   *
   * @param subject the account
   */
  record AskMembership(String subject) implements AccessDecision {}

  /**
   * The policy's authorizer must be asked.
   *
   * @param identity who the request is from; null where that was not asked
   */
  record AskAuthorizer(@Nullable Identity identity) implements AccessDecision {}

  /** The policy's password must be entered. */
  record PasswordRequired() implements AccessDecision {}

  /** It must be said who it is from. */
  record SignInRequired() implements AccessDecision {}

  /**
   * It has an access token that does not hold.
   *
   * @param description why, safe to show
   */
  record InvalidToken(String description) implements AccessDecision {}

  /**
   * It may not have it.
   *
   * @param reason by which rule
   * @param detail what is missing, the end of a sentence that is safe to show
   * @param identity who it is from; null where that does not matter
   */
  record Refused(Reason reason, String detail, @Nullable Identity identity)
      implements AccessDecision {}

  /**
   * It cannot be decided now.
   *
   * @param error who is at fault
   * @param why the end of a sentence for logs and explanations
   */
  record Undecided(EdgeError error, String why) implements AccessDecision {}

  /** By which rule a request is refused. */
  enum Reason {
    /** The viewer's address is none of those required. */
    ADDRESS,
    /** The request's signature. */
    SIGNATURE,
    /** The account's groups. */
    GROUPS,
    /** What the account is to the site. */
    MEMBER,
    /** The account's claims. */
    CLAIMS,
    /** The access token's scopes. */
    SCOPES,
    /** The external authorizer. */
    AUTHORIZER
  }
}
