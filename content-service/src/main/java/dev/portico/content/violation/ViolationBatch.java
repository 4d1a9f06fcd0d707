package dev.portico.content.violation;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway has counted (deploy/contracts/csp-reports.json).
 *
 * @param gateway its id, random at each start
 * @param number of the batch, growing: one that is not above the last is known already
 * @param counts what it counted since the batch before
 */
@Serdeable
@Introspected
record ViolationBatch(
    @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String gateway,
    @Min(1) long number,
    @NotNull @Size(min = 1, max = ViolationLimits.BATCH) List<@Valid Count> counts) {

  /**
   * Reports of one violation, or, without a directive, of others that are not kept apart.
   *
   * @param site name of the site
   * @param disposition see {@link Violation}
   * @param directive see {@link Violation}; null for reports that are only counted
   * @param blocked see {@link Violation}
   * @param path see {@link Violation}
   * @param count how many
   */
  @Serdeable
  @Introspected
  record Count(
      @NotNull @Pattern(regexp = "[a-z0-9-]{1,30}") String site,
      @Nullable @Pattern(regexp = "enforce|report|unknown") String disposition,
      @Nullable @Pattern(regexp = "[a-z-]{1,40}") String directive,
      @Nullable @Pattern(regexp = "[!-~]{1,128}") String blocked,
      @Nullable @Pattern(regexp = "[!-~]{0,256}") String path,
      @Min(1) long count) {

    /** What was violated; null for others. A text that is missing is empty or unknown. */
    @Nullable Violation violation() {
      return directive == null
          ? null
          : new Violation(
              disposition == null ? "unknown" : disposition,
              directive,
              blocked == null ? "unknown" : blocked,
              path == null ? "" : path);
    }
  }
}
