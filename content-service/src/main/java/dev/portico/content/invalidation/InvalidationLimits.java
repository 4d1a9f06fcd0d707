package dev.portico.content.invalidation;

import java.time.Duration;

/** What an invalidation, and a site's invalidations together, may be (docs/invalidations.md). */
final class InvalidationLimits {
  /** Characters of a caller reference. */
  static final int REFERENCE = 128;

  /** Characters of a path, as CloudFront has it. */
  static final int PATH = 4_000;

  /** Characters of a tag, as gateways have it. */
  static final int TAG = 256;

  /** Bytes of UTF-8 of all paths and tags of one invalidation: it is one item of the table. */
  static final int BYTES = 256 * 1024;

  /** Paths without a wildcard that may be in progress at a site, as CloudFront has it. */
  static final int PATHS_IN_PROGRESS = 3_000;

  /** Paths with a wildcard that may be in progress at a site, as CloudFront has it. */
  static final int WILDCARDS_IN_PROGRESS = 15;

  /** Tags that may be in progress at a site. */
  static final int TAGS_IN_PROGRESS = 3_000;

  /** Invalidations that may be in progress at a site; what is known of them is one item too. */
  static final int IN_PROGRESS = 1_000;

  /** How long an invalidation can be looked up, and its reference is known. */
  static final Duration KEPT = Duration.ofDays(30);

  /** Longest time that an answer waits for completion. */
  static final Duration WAIT = Duration.ofSeconds(30);

  private InvalidationLimits() {}
}
