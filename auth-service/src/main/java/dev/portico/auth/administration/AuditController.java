package dev.portico.auth.administration;

import dev.portico.auth.audit.AuditEntry;
import dev.portico.auth.audit.AuditLog;
import dev.portico.auth.error.Problem;
import dev.portico.auth.token.PlatformGroups;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit log. */
@Controller("/v1/auth/audit")
@Secured(PlatformGroups.ADMINS)
@ExecuteOn(TaskExecutors.BLOCKING)
@Tag(name = "administration")
class AuditController {
  /** Most entries of a page, as of a site's audit log. */
  static final int MAX_LIMIT = 1000;

  private static final int LONGEST_SUB = 128;

  private final AuditLog audit;
  private final Administrators administrators;

  AuditController(AuditLog audit, Administrators administrators) {
    this.audit = audit;
    this.administrators = administrators;
  }

  /** Lists what was done, newest first. */
  @Get
  @Operation(
      operationId = "listAudit",
      summary = "List what changed access, and who signed in and out, newest first",
      description = "account is the sub of who did it, or of the account that it was done to.",
      security = @SecurityRequirement(name = "accessToken"))
  @ApiResponse(responseCode = "200", description = "A page")
  @ForAdministrators
  AuditEntry.Page list(
      Authentication caller,
      @QueryValue(defaultValue = Cursor.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor,
      @Nullable @QueryValue String account) {
    administrators.require(caller);
    if (account != null && (account.isBlank() || account.length() > LONGEST_SUB)) {
      throw Problem.invalid("account", "is not the sub of an account");
    }
    String list = "audit:" + (account == null ? "" : account);
    String after = Cursor.decode(list, cursor);
    try {
      var page = audit.list(account, Cursor.limit(limit, MAX_LIMIT), after);
      return new AuditEntry.Page(page.items(), Cursor.encode(list, page.next()));
    } catch (IllegalArgumentException e) {
      throw Cursor.invalid();
    }
  }
}
