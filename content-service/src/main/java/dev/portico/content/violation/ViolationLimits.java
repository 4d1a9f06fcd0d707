package dev.portico.content.violation;

import dev.portico.content.dynamodb.Table;
import java.time.Duration;

/** How much is kept of what browsers report (docs/publishing.md, docs/storage.md). */
final class ViolationLimits {
  /** Violations of a site that are kept apart in one day; reports of others are only counted. */
  static final int DISTINCT_IN_A_DAY = 500;

  /** How long a day's counts can be looked up after its end. */
  static final Duration KEPT = Duration.ofDays(30);

  /** Most days that one answer can be about. */
  static final int DAYS = 30;

  /** Counts in a batch: each may need two writes, and all are one transaction with its number. */
  static final int BATCH = (Table.MAX_TRANSACTION - 1) / 2;

  /** How long the number of a gateway's last batch is remembered. */
  static final Duration NUMBER_KEPT = Duration.ofDays(1);

  private ViolationLimits() {}
}
