package dev.portico.content.site;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks that keep a site showing the deployment it shows: during a freeze, or after a rollback,
 * while machines go on publishing. Since a lock changes the site's version, no activation that
 * began before it can end after it.
 */
@Singleton
public class SiteLocks {
  private static final String BY = "lockedBy";
  private static final String AT = "lockedAt";
  private static final String REASON = "lockReason";

  private final Sites sites;
  private final AuditLog audit;
  private final Clock clock;

  SiteLocks(Sites sites, AuditLog audit, Clock clock) {
    this.sites = sites;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Refuses to let a locked site show another deployment.
   *
   * @param site its item as read
   * @throws Problem 409 {@code site-locked}
   */
  public static void requireUnlocked(Item site) {
    Site.Lock lock = of(site);
    if (lock != null) {
      throw Problem.conflict(
          "site-locked",
          "The site is locked since "
              + lock.at()
              + (lock.reason().isEmpty() ? "" : " (" + lock.reason() + ")")
              + " and keeps its deployment. Unlock it first, or publish without activation.");
    }
  }

  /** Whether a site is locked, by its item. */
  public static boolean locked(Item site) {
    return site.has(AT);
  }

  /** The lock of a site's item; null: none. */
  static Site.@Nullable Lock of(Item site) {
    return locked(site)
        ? new Site.Lock(site.instant(AT), site.string(BY), site.string(REASON))
        : null;
  }

  /**
   * Locks a site; what locked it before is forgotten.
   *
   * @param version that the site must have, null: any
   * @param reason for whoever is refused; may be empty
   * @throws Problem 404, 409 or 412
   */
  Site lock(Caller caller, String site, @Nullable Long version, String reason) {
    Write change =
        sites
            .change(site, version)
            .set(BY, caller.id())
            .set(AT, clock.instant())
            .set(REASON, reason);
    return sites.commitEvenFrozen(
        site, List.of(change, audit.entry(caller, site, "site.lock", Map.of("reason", reason))));
  }

  /**
   * Lets a site be activated again. A site without a lock is not changed, its version included.
   *
   * @param version that the site must have, null: any
   * @throws Problem 404, 409 or 412
   */
  Site unlock(Caller caller, String site, @Nullable Long version) {
    Item current = sites.active(site, version);
    if (!locked(current)) {
      return sites.show(current);
    }
    Write change = sites.change(site, version).remove(BY).remove(AT).remove(REASON);
    return sites.commitEvenFrozen(
        site, List.of(change, audit.entry(caller, site, "site.unlock", Map.of())));
  }
}
