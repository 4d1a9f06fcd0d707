package dev.portico.auth.administration;

import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about groups (deploy/contracts/auth-group-audit-query.json).
 *
 * @param site that it is asked for: a cursor of another one's list is refused
 * @param groups their names; each costs a read of the table
 * @param limit most entries
 * @param cursor {@code next} of the page before; absent for the first
 */
@Serdeable
record GroupAuditQuery(
    @NotNull @Pattern(regexp = "[a-z0-9-]{1,63}") String site,
    @NotEmpty @Size(max = GroupAuditQuery.MOST_GROUPS)
        List<@NotNull @Size(min = 1, max = GroupAuditQuery.LONGEST_GROUP) String> groups,
    @Min(1) @Max(AuditController.MAX_LIMIT) int limit,
    @Nullable @Size(max = 512) String cursor) {
  /** Groups of one question. */
  static final int MOST_GROUPS = 100;

  /** Cognito's 128 characters, each of which may be two of Java's. */
  static final int LONGEST_GROUP = 256;
}
