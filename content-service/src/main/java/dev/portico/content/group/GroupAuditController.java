package dev.portico.content.group;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.error.Problem;
import dev.portico.content.error.ProblemResponses;
import dev.portico.content.member.Action;
import dev.portico.content.member.Caller;
import dev.portico.content.member.Paging;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.SettingsFiles;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was done to the groups by which a site lets people in. */
@Controller("/v1/sites/{site}/audit/groups")
@ExecuteOn(TaskExecutors.BLOCKING)
@ProblemResponses
@Tag(name = "members")
class GroupAuditController {
  private final SiteAccess access;
  private final SettingsFiles settings;
  private final GroupAudit audit;

  GroupAuditController(SiteAccess access, SettingsFiles settings, GroupAudit audit) {
    this.access = access;
    this.settings = settings;
    this.audit = audit;
  }

  /**
   * Lists who was put into, and taken out of, the groups that the site's rules about access name,
   * and which of them were made and deleted, newest first.
   *
   * @param group one of these groups, to be told of no other; a site that names more than 100 is
   *     told of one at a time
   */
  @Get
  @Operation(operationId = "listGroupAudit")
  GroupAuditEntry.Page list(
      @Parameter(hidden = true) Caller caller,
      String site,
      @QueryValue(defaultValue = Paging.DEFAULT_LIMIT) int limit,
      @Nullable @QueryValue String cursor,
      @Nullable @QueryValue String group) {
    Item item = access.requireEvenDeleted(caller, site, Action.MANAGE);
    int most = Paging.limit(limit);
    Set<String> groups = asked(settings.namedGroups(item), group);
    return groups.isEmpty()
        ? GroupAuditEntry.Page.EMPTY
        : audit.page(new GroupAuditQuery(site, groups, most, cursor));
  }

  /**
   * The groups to be told of. One that the site does not name is refused in the same way whether or
   * not it is there.
   *
   * @param named by the site's rules
   * @param group the only one of interest; null: all
   */
  static Set<String> asked(Set<String> named, @Nullable String group) {
    if (group != null && !named.contains(group)) {
      throw Problem.invalid("group", "is not one that the access policies of this site name");
    }
    if (group == null && named.size() > GroupAuditQuery.MOST_GROUPS) {
      throw Problem.invalid(
          "group",
          "must be one of the "
              + named.size()
              + " groups that the access policies of this site name: more than "
              + GroupAuditQuery.MOST_GROUPS
              + " cannot be listed together");
    }
    return group == null ? named : Set.of(group);
  }
}
