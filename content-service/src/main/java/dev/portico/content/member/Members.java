package dev.portico.content.member;

import dev.portico.content.conditional.IfMatch;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Memberships. A site always has an owner: the site's item counts them ({@code owners}), and a
 * change that takes an owner away is conditional on the count.
 */
@Singleton
public final class Members {
  private static final String OWNERS = "owners";

  private final Table table;
  private final AuditLog audit;
  private final Clock clock;

  Members(Table table, AuditLog audit, Clock clock) {
    this.table = table;
    this.audit = audit;
    this.clock = clock;
  }

  /** The first owner of a new site, whose item must start with {@link #countOwners}. */
  public Write firstOwner(Caller caller, String site) {
    return Write.create(item(site, caller.id(), Role.OWNER, caller));
  }

  /** A new site's item with the count that belongs to {@link #firstOwner}. */
  public static Item countOwners(Item site) {
    return site.with(OWNERS, 1);
  }

  /** A page of the names of the sites of a person, by name; eventually consistent. */
  public Page sitesOf(String sub, int limit, @Nullable String cursor) {
    return table.query(Query.ofIndex("MEMBER#" + sub).limit(limit).after(cursor));
  }

  /** The site that an item of {@link #sitesOf} is about. */
  public static String site(Item membership) {
    return membership.string("gsi1sk");
  }

  Member.MemberPage list(String site, int limit, @Nullable String cursor) {
    Page page = table.query(Query.of("SITE#" + site).prefix("MEMBER#").limit(limit).after(cursor));
    return new Member.MemberPage(page.items().stream().map(Member::of).toList(), page.next());
  }

  /**
   * What giving a role led to.
   *
   * @param member as they are now
   * @param created whether they were none before
   */
  record Given(Member member, boolean created) {}

  /**
   * A member.
   *
   * @throws Problem 404 when there is none with this sub
   */
  Member get(String site, String sub) {
    return find(site, sub).orElseThrow(() -> Problem.notFound("The member " + sub));
  }

  /**
   * Gives a role, or another one.
   *
   * @param ifMatch what they must be now
   */
  Given put(Caller caller, String site, String sub, Role role, IfMatch ifMatch) {
    checkSub(sub);
    var retries = new Retries();
    while (true) {
      @Nullable Member old = find(site, sub).orElse(null);
      ifMatch.require(old == null ? null : old.tag());
      if (old != null && old.role() == role) {
        return new Given(old, false);
      }
      Item changed = item(site, sub, role, caller);
      var writes = new ArrayList<Write>();
      writes.add(Write.put(changed).when(old == null ? Condition.notExists() : still(old)));
      writes.add(count(site, old == null ? null : old.role(), role));
      writes.add(audit.entry(caller, site, "member.put", Map.of("sub", sub, "role", role.text())));
      if (done(table.transact(writes), site)) {
        return new Given(Member.of(changed), old == null);
      }
      retries.pause();
    }
  }

  /**
   * Ends a membership.
   *
   * @param ifMatch what it must be now
   * @throws Problem 404 when there is none
   */
  void remove(Caller caller, String site, String sub, IfMatch ifMatch) {
    checkSub(sub);
    var retries = new Retries();
    while (true) {
      Member old = get(site, sub);
      ifMatch.require(old.tag());
      List<Write> writes =
          List.of(
              Write.delete(SiteAccess.memberKey(site, sub)).when(still(old)),
              count(site, old.role(), null),
              audit.entry(caller, site, "member.remove", Map.of("sub", sub)));
      if (done(table.transact(writes), site)) {
        return;
      }
      retries.pause();
    }
  }

  /** What somebody is at a site; empty when they are no member. */
  Optional<Role> role(String site, String sub) {
    return find(site, sub).map(Member::role);
  }

  private Optional<Member> find(String site, String sub) {
    return table.get(SiteAccess.memberKey(site, sub)).map(Member::of);
  }

  /** That a membership is as it was read. */
  private static Condition still(Member read) {
    return Condition.and(
        Condition.equal("role", read.role().text()), Condition.equal("since", read.since()));
  }

  private static Write count(String site, @Nullable Role before, @Nullable Role after) {
    Key key = SiteAccess.siteKey(site);
    int change = (after == Role.OWNER ? 1 : 0) - (before == Role.OWNER ? 1 : 0);
    if (change == 0) {
      return Write.check(key, Condition.exists());
    }
    return Write.update(key)
        .add(OWNERS, change)
        .when(change > 0 ? Condition.exists() : Condition.greater(OWNERS, 1));
  }

  /** Whether it is done; not, when the membership changed in the meantime. */
  private static boolean done(Outcome outcome, String site) {
    Optional<Outcome.Failure> refusedBySite = outcome.failure(SiteAccess.siteKey(site));
    if (refusedBySite.isPresent()) {
      throw refusedBySite.get().current() == null
          ? Problem.notFound("The site " + site)
          : Problem.conflict("last-owner", "A site keeps at least one owner.");
    }
    return outcome.written();
  }

  private Item item(String site, String sub, Role role, Caller by) {
    return Item.at(SiteAccess.memberKey(site, sub))
        .with("role", role.text())
        .with("since", clock.instant())
        .with("by", by.id())
        .indexed("MEMBER#" + sub, site);
  }

  private static void checkSub(String sub) {
    if (!sub.matches("[A-Za-z0-9_:+-]{1,128}") || sub.startsWith("token:")) {
      throw Problem.invalid("sub", "is not a Cognito sub");
    }
  }
}
