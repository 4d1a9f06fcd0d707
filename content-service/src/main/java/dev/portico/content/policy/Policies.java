package dev.portico.content.policy;

import dev.portico.content.change.ChangeFeed;
import dev.portico.content.conditional.EntityTag;
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
import dev.portico.content.member.Caller;
import dev.portico.content.settings.PolicyKind;
import dev.portico.content.settings.SharedPolicies;
import dev.portico.content.settings.StoredPolicy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared policies in the table. A policy's version is the number of the feed's record that tells of
 * it, so that versions grow also over the end of a policy and its beginning anew.
 */
@Singleton
class Policies implements SharedPolicies {
  /** Most that there can be: every gateway holds all of them. */
  static final int MOST = 100;

  /** Most sites that the refusal of a deletion names. */
  static final int MOST_NAMED = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

  private static final String LIST = "POLICIES";
  static final String KIND = "kind";

  private static final String DOCUMENT = "document";
  private static final String VERSION = "version";
  private static final String AT = "at";
  private static final String BY = "by";

  private final Table table;
  private final ChangeFeed feed;
  private final PolicyHistory history;
  private final Clock clock;

  Policies(Table table, ChangeFeed feed, PolicyHistory history, Clock clock) {
    this.table = table;
    this.feed = feed;
    this.history = history;
    this.clock = clock;
  }

  /**
   * A shared policy.
   *
   * @param version grows with each change
   * @param at when it was changed last
   * @param by sub of who did
   * @param sites how many use it
   */
  record Shared(String id, StoredPolicy policy, long version, Instant at, String by, long sites) {
    /** Its entity tag. */
    String tag() {
      return EntityTag.of(version);
    }

    private static Shared of(Item item) {
      String id = item.key().sk();
      return new Shared(
          id,
          StoredPolicy.of(id, item.string(DOCUMENT)),
          item.number(VERSION),
          item.instant(AT),
          item.string(BY),
          item.number(PolicyUses.COUNT, 0));
    }
  }

  /**
   * A page.
   *
   * @param items by id
   * @param next cursor of the following page
   */
  record SharedPage(List<Shared> items, @Nullable String next) {}

  /**
   * What a change came to.
   *
   * @param created whether it is new
   */
  record Changed(Shared policy, boolean created) {}

  /** The item of a policy. */
  static Key key(String id) {
    return new Key(LIST, id);
  }

  private Optional<Item> item(String id) {
    return StoredPolicy.isId(id) ? table.get(key(id)) : Optional.empty();
  }

  /**
   * A policy, strongly consistent.
   *
   * @throws Problem 404 when there is none
   */
  Shared get(String id) {
    return item(id)
        .filter(Policies::isKnown)
        .map(Shared::of)
        .orElseThrow(() -> Problem.notFound("The policy " + id));
  }

  /** All of them that can be read, by id. */
  List<Shared> all() {
    return table.stream(Query.of(LIST)).flatMap(Policies::readable).toList();
  }

  /** A page of those that can be read. */
  SharedPage list(int limit, @Nullable String cursor) {
    Page page = table.query(Query.of(LIST).limit(limit).after(cursor));
    return new SharedPage(page.items().stream().flatMap(Policies::readable).toList(), page.next());
  }

  /** One that a hand has damaged must keep nobody from the others. */
  private static Stream<Shared> readable(Item item) {
    try {
      return isKnown(item) ? Stream.of(Shared.of(item)) : Stream.empty();
    } catch (RuntimeException e) {
      LOG.error("The shared policy {} cannot be read", item.key().sk(), e);
      return Stream.empty();
    }
  }

  /** A later release may know more kinds. */
  private static boolean isKnown(Item item) {
    return PolicyKind.of(item.string(KIND)).isPresent();
  }

  @Override
  public Map<String, PolicyKind> kinds(Set<String> ids) {
    Collection<Item> found =
        table
            .getAll(
                ids.stream()
                    .filter(StoredPolicy::isId)
                    .map(Policies::key)
                    .collect(Collectors.toSet()))
            .values();
    var kinds = new LinkedHashMap<String, PolicyKind>();
    for (Item item : found) {
      PolicyKind.of(item.string(KIND)).ifPresent(kind -> kinds.put(item.key().sk(), kind));
    }
    return kinds;
  }

  /**
   * Makes or replaces a policy; while publishing is frozen, by what it was before alone.
   *
   * @param request the whole document as JSON
   * @throws Problem 400 with all that is wrong with it, 409 when it is of another kind now or there
   *     are too many, 412 when it is not as the caller read it, 413 when it is too large, 423 while
   *     publishing is frozen
   */
  Changed put(Caller caller, String id, byte[] request, IfMatch ifMatch) {
    StoredPolicy given = StoredPolicy.given(id, request);
    var retries = new Retries();
    while (true) {
      @Nullable Item current = item(id).orElse(null);
      ifMatch.require(current == null ? null : EntityTag.of(current.number(VERSION)));
      if (current == null) {
        requireRoom();
      } else if (!current.string(KIND).equals(given.kind().text())) {
        throw Problem.conflict(
                "policy-kind",
                "The policy is of the kind "
                    + current.string(KIND)
                    + ", as which sites may name it. Delete it first, or give the other one another"
                    + " id.")
            .field(KIND, "is " + current.string(KIND) + " now");
      }
      Instant now = clock.instant();
      long[] version = {0};
      LongFunction<List<? extends Write>> change =
          number -> {
            version[0] = number;
            var writes = new ArrayList<Write>();
            writes.add(write(caller, id, given, current, number, now));
            writes.addAll(history.entry(caller, id, number, given));
            if (current != null) {
              writes.add(history.superseded(id, current.number(VERSION)));
            }
            return writes;
          };
      Outcome outcome =
          current != null && history.has(id, given)
              ? feed.commitPolicyEvenFrozen(id, change)
              : feed.commitPolicy(id, change);
      if (outcome.written()) {
        long sites = current == null ? 0 : current.number(PolicyUses.COUNT, 0);
        return new Changed(
            new Shared(id, given, version[0], now, caller.id(), sites), current == null);
      }
      retries.pause();
    }
  }

  private static Write write(
      Caller caller,
      String id,
      StoredPolicy given,
      @Nullable Item current,
      long version,
      Instant now) {
    if (current == null) {
      return Write.create(
          Item.at(key(id))
              .with(KIND, given.kind().text())
              .with(DOCUMENT, given.json())
              .with(VERSION, version)
              .with(AT, now)
              .with(BY, caller.id())
              .with(PolicyUses.COUNT, 0));
    }
    return Write.update(key(id))
        .set(DOCUMENT, given.json())
        .set(VERSION, version)
        .set(AT, now)
        .set(BY, caller.id())
        .when(Condition.equal(VERSION, current.number(VERSION)));
  }

  private void requireRoom() {
    if (table.query(Query.of(LIST).limit(MOST)).items().size() == MOST) {
      throw Problem.conflict(
          "too-many-policies", "There are " + MOST + " shared policies already.");
    }
  }

  /**
   * Removes a policy that no site uses.
   *
   * @throws Problem 404 when there is none, 409 naming sites that use it, 412 when it is not as the
   *     caller read it
   */
  void delete(Caller caller, String id, IfMatch ifMatch) {
    var retries = new Retries();
    while (true) {
      Item current = item(id).orElseThrow(() -> Problem.notFound("The policy " + id));
      long version = current.number(VERSION);
      ifMatch.require(EntityTag.of(version));
      requireUnused(id, current);
      Outcome outcome =
          feed.commitPolicy(
              id,
              number ->
                  List.of(
                      Write.delete(key(id))
                          .when(
                              Condition.and(
                                  Condition.equal(VERSION, version),
                                  Condition.equal(PolicyUses.COUNT, 0))),
                      history.removed(caller, id, number),
                      history.superseded(id, version)));
      if (outcome.written()) {
        return;
      }
      retries.pause();
    }
  }

  private void requireUnused(String id, Item current) {
    long sites = current.number(PolicyUses.COUNT, 0);
    if (sites == 0) {
      return;
    }
    List<String> named = uses(id, MOST_NAMED, null).sites();
    Problem problem =
        Problem.conflict(
            "policy-in-use",
            sites
                + (sites == 1 ? " site uses" : " sites use")
                + " this policy. See errors for the first "
                + MOST_NAMED
                + ".");
    for (String site : named) {
      problem = problem.field(site, "uses it");
    }
    throw problem;
  }

  /**
   * A page of sites.
   *
   * @param sites by name
   * @param next cursor of the following page
   */
  record UsePage(List<String> sites, @Nullable String next) {}

  /** The sites that use a policy: in their settings, or in the live deployment's portico.yml. */
  UsePage uses(String id, int limit, @Nullable String cursor) {
    Page page = table.query(PolicyUses.of(id).limit(limit).after(cursor));
    return new UsePage(page.items().stream().map(PolicyUses::site).toList(), page.next());
  }
}
