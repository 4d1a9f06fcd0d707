package dev.portico.content.violation;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What browsers reported of a site's pages.
 *
 * @param items the most frequent first
 * @param distinct how many there are, those beyond the limit included
 * @param other reports that were only counted, since there were too many
 */
@Serdeable
record ReportedViolations(List<ReportedViolation> items, int distinct, long other) {}
