package dev.portico.auth.administration;

import dev.portico.auth.audit.AuditEntry;
import dev.portico.auth.audit.AuditLog;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.validation.Valid;
import java.util.Set;

/**
 * What was done to groups, for content-service, on the internal port only
 * (deploy/contracts/README.md). Who may know it is decided there, where it is known which groups
 * the rules of a site name and who owns it.
 */
@Hidden
@Controller(value = "/internal/audit/groups", port = "${portico.internal-port}")
@Secured(SecurityRule.IS_ANONYMOUS)
@ExecuteOn(TaskExecutors.BLOCKING)
class GroupAuditController {
  private final AuditLog audit;

  GroupAuditController(AuditLog audit) {
    this.audit = audit;
  }

  /** Lists it, newest first. */
  @Post
  AuditEntry.Page list(@Valid @Body GroupAuditQuery query) {
    String list = "groups:" + query.site();
    String after = Cursor.decode(list, query.cursor());
    try {
      var page = audit.ofGroups(Set.copyOf(query.groups()), query.limit(), after);
      return new AuditEntry.Page(page.items(), Cursor.encode(list, page.next()));
    } catch (IllegalArgumentException e) {
      throw Cursor.invalid();
    }
  }
}
