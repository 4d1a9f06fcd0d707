package dev.portico.content.control;

import java.time.Duration;

/** Limits of what is switched on. */
final class ControlLimits {
  /** Blocked addresses. An attack may take all of them, and needs the other kinds then. */
  static final int ADDRESSES = 1_000;

  /** Blocked patterns of paths of all sites. */
  static final int PATHS = 1_000;

  /** Maintenance pages. */
  static final int MAINTENANCE = 1_000;

  /** Entries that are read from the table at once. */
  static final int PAGE = 1_000;

  /** Blocked patterns of paths of one site: each is matched with each of its requests. */
  static final int PATHS_OF_SITE = 100;

  /** Addresses that a maintenance page exempts. */
  static final int EXEMPT = 100;

  /** Characters of a reason. */
  static final int REASON = 200;

  /** Characters of the name of a site that is looked for: none has so many. */
  static final int SITE = 63;

  /** How far away an end may be. */
  static final Duration LONGEST = Duration.ofDays(366);

  /** What a maintenance page says of when to try again, when it is given nothing. */
  static final int RETRY_AFTER_SECONDS = 300;

  private ControlLimits() {}
}
