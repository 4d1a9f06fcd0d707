package dev.portico.content.violation;

import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Comparator;

/**
 * A violation of a site's Content-Security-Policy, and how often browsers reported it.
 *
 * @param directive the directive that forbids it, {@code script-src-elem}
 * @param blocked what was forbidden: a keyword like {@code inline}, a scheme, or an origin
 * @param path of the page, without query; empty for a page without an address
 * @param disposition {@code enforce}, {@code report} for a policy that only reports, or {@code
 *     unknown}
 * @param count how many reports
 * @param firstSeen when the first of them was counted
 * @param lastSeen when the last of them was counted
 */
@Serdeable
record ReportedViolation(
    String directive,
    String blocked,
    String path,
    String disposition,
    long count,
    Instant firstSeen,
    Instant lastSeen) {
  /** The most frequent first, then the latest; the rest makes the order one. */
  static final Comparator<ReportedViolation> ORDER =
      Comparator.comparingLong(ReportedViolation::count)
          .thenComparing(ReportedViolation::lastSeen)
          .reversed()
          .thenComparing(ReportedViolation::directive)
          .thenComparing(ReportedViolation::blocked)
          .thenComparing(ReportedViolation::path)
          .thenComparing(ReportedViolation::disposition);

  static ReportedViolation of(Violation what, long count, Instant firstSeen, Instant lastSeen) {
    return new ReportedViolation(
        what.directive(),
        what.blocked(),
        what.path(),
        what.disposition(),
        count,
        firstSeen,
        lastSeen);
  }

  /** This and another day's of the same violation. */
  ReportedViolation and(ReportedViolation other) {
    return new ReportedViolation(
        directive,
        blocked,
        path,
        disposition,
        count + other.count,
        firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
        lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen);
  }
}
