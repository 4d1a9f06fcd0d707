package dev.portico.gateway.violation;

import java.util.List;

/**
 * What one request reports.
 *
 * @param violations those that can be counted, one for each report
 * @param ignored reports that are about something else
 * @param beyond reports that were not read, since there were too many
 */
public record ViolationReports(List<Violation> violations, int ignored, int beyond) {
  /** Keeps an unmodifiable copy. */
  public ViolationReports {
    violations = List.copyOf(violations);
  }
}
