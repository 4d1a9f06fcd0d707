package dev.portico.content.group;

import io.micronaut.serde.annotation.Serdeable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * deploy/contracts/auth-group-audit-query.json.
 *
 * @param site that it is asked for
 * @param groups their names, {@link #MOST_GROUPS} at most
 * @param limit most entries
 * @param cursor {@code next} of the page before; null for the first
 */
@Serdeable
record GroupAuditQuery(String site, Set<String> groups, int limit, @Nullable String cursor) {
  /** Groups that auth-service takes in one question. */
  static final int MOST_GROUPS = 100;
}
