package dev.portico.content.group;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a group, as auth-service's audit log has it
 * (deploy/contracts/auth-group-audit.json) and owners are shown it.
 *
 * @param at when
 * @param by the sub of the administrator who did it
 * @param action what: {@code group.create}, {@code group.delete}, {@code group.add}, {@code
 *     group.remove}
 * @param account the sub of who was put in or taken out; null where it was done to the group itself
 * @param client the address that it was done from, as the gateway says
 * @param details names and values; {@code group} is the group
 * @param requestId of the request that did it
 */
@Serdeable
record GroupAuditEntry(
    Instant at,
    @Nullable String by,
    String action,
    @Nullable String account,
    String client,
    Map<String, String> details,
    String requestId) {
  /**
   * A page.
   *
   * @param items newest first
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "GroupAuditPage")
  record Page(List<GroupAuditEntry> items, @Nullable String next) {
    /** No entries. */
    static final Page EMPTY = new Page(List.of(), null);
  }
}
