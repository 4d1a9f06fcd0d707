package dev.portico.gateway.access.rule;

import org.jspecify.annotations.Nullable;

/** What could be found out about what an account is to a site. */
public sealed interface Membership {
  /**
   * It is known.
   *
   * @param role null: no member
   */
  record Known(@Nullable Role role) implements Membership {}

  /** It cannot be found out now. */
  record Unavailable() implements Membership {}
}
