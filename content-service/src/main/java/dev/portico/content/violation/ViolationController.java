package dev.portico.content.violation;

import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;

/** What browsers reported of a site's Content-Security-Policy. */
@Controller("/v1/sites/{site}/csp-reports")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "sites")
class ViolationController {
  private static final String DEFAULT_DAYS = "7";

  private final SiteAccess access;
  private final Violations violations;

  ViolationController(SiteAccess access, Violations violations) {
    this.access = access;
    this.violations = violations;
  }

  /**
   * Lists the violations that browsers reported, the most frequent first. days: of today (UTC) and
   * the days before, 1 to 30. limit: the most that are listed; there is no following page.
   */
  @Get
  @Operation(operationId = "listCspReports")
  ReportedViolations list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = DEFAULT_DAYS) int days,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit) {
    access.require(caller, site, Action.READ);
    if (days < 1 || days > ViolationLimits.DAYS) {
      throw Problem.invalid("days", "is not between 1 and " + ViolationLimits.DAYS);
    }
    return violations.list(site, days, Paging.limit(limit));
  }
}
