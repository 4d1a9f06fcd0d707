package dev.portico.auth.audit;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the audit log.
 *
 * @param at when
 * @param by the sub of who did it; absent where nobody was proven
 * @param action what, such as {@code user.disable}
 * @param account the sub of the account that it was done to, if it was one
 * @param client the address that it was done from, as the gateway says
 * @param details names and values that matter, such as {@link #GROUP}; never a secret
 * @param requestId of the request that did it
 */
@Serdeable
@Schema(name = "AuditEntry")
public record AuditEntry(
    Instant at,
    @Nullable String by,
    String action,
    @Nullable String account,
    String client,
    Map<String, String> details,
    String requestId) {
  /** The detail that names the group which something was done to. */
  static final String GROUP = "group";

  /** Keeps a copy. */
  public AuditEntry {
    details = Map.copyOf(details);
  }

  /**
   * A page.
   *
   * @param items newest first
   * @param next where the following page begins; null when this is the last
   */
  @Serdeable
  @Schema(name = "AuditPage")
  public record Page(List<AuditEntry> items, @Nullable String next) {
    /** Keeps a copy. */
    public Page {
      items = List.copyOf(items);
    }
  }
}
