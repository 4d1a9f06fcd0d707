package dev.portico.content.member;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks {@link Access} with what the table says now. Every call on a site begins here. */
@Singleton
public final class SiteAccess {
  private final Table table;
  private final Clock clock;

  SiteAccess(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * Lets the caller through or throws.
   *
   * @param caller who
   * @param site the site's name as given in the path
   * @param action what
   * @return the site's item as read, strongly consistent
   * @throws Problem 404 when there is no such site or the caller may not see it, 403 when they may
   *     see but not do this, 409 when the site is deleted and the action would change it
   */
  public Item require(Caller caller, String site, Action action) {
    Item item = requireEvenDeleted(caller, site, action);
    if (action != Action.READ && item.string("state").equals("deleted")) {
      throw Problem.conflict("site-deleted", "The site is deleted. Restore it first.");
    }
    return item;
  }

  /** Like {@link #require}, for what is possible with a deleted site too. */
  public Item requireEvenDeleted(Caller caller, String site, Action action) {
    if (site.isEmpty()) {
      throw unknown(site);
    }
    Key siteKey = siteKey(site);
    Key memberKey = memberKey(site, caller.id());
    Map<Key, Item> found =
        caller instanceof Caller.DeployToken token && token.site().equals(site)
            ? table.getAll(List.of(siteKey, memberKey, DeployTokens.key(site, token.tokenId())))
            : table.getAll(List.of(siteKey, memberKey));
    if (caller instanceof Caller.DeployToken token && token.site().equals(site)) {
      requireLiving(found.get(DeployTokens.key(site, token.tokenId())));
    }
    @Nullable Item stored = found.get(siteKey);
    @Nullable Item item = stored != null && purged(stored) ? null : stored;
    @Nullable Item member = found.get(memberKey);
    @Nullable Role role = member == null ? null : Role.of(member.string("role"));
    Access decision = Access.decide(caller, site, item != null, role, action);
    if (decision instanceof Access.Denied denied) {
      throw Problem.forbidden(denied.reason());
    }
    if (item == null || decision instanceof Access.Invisible) {
      throw unknown(site);
    }
    return item;
  }

  /** A token may have been revoked since the request began, which for an upload can be long ago. */
  private void requireLiving(@Nullable Item token) {
    if (token == null || !token.instant("expires").isAfter(clock.instant())) {
      throw Problem.forbidden("The deploy token has been revoked or has expired.");
    }
  }

  /** Whether the time to restore a deleted site is over, whether or not it is purged already. */
  private boolean purged(Item site) {
    return site.optionalInstant("purgeAt")
        .filter(time -> !time.isAfter(clock.instant()))
        .isPresent();
  }

  /** Key of a site's own item. */
  public static Key siteKey(String site) {
    return new Key("SITE#" + site, "SITE");
  }

  /** Key of a membership. */
  static Key memberKey(String site, String sub) {
    return new Key("SITE#" + site, "MEMBER#" + sub);
  }

  private static Problem unknown(String site) {
    return Problem.notFound("The site " + site);
  }
}
