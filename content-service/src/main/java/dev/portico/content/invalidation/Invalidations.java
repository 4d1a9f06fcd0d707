package dev.portico.content.invalidation;

import dev.portico.content.change.Change;
import dev.portico.content.change.ChangeFeed;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.AuditLog;
import dev.portico.content.member.Caller;
import dev.portico.content.member.SiteAccess;
import dev.portico.content.site.Sites;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and shows invalidations. */
@Singleton
final class Invalidations {
  private final Table table;
  private final InvalidationTable stored;
  private final Completion completion;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final InvalidationSettings limits;
  private final Clock clock;

  Invalidations(
      Table table,
      InvalidationTable stored,
      Completion completion,
      ChangeFeed feed,
      AuditLog audit,
      InvalidationSettings limits,
      Clock clock) {
    this.table = table;
    this.stored = stored;
    this.completion = completion;
    this.feed = feed;
    this.audit = audit;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * What a request led to.
   *
   * @param invalidation as it is now
   * @param created false when an earlier request with this reference has made it
   */
  record Made(Invalidation invalidation, boolean created) {}

  /**
   * Makes an invalidation, or finds the one that this reference has made.
   *
   * @param site whose stored responses are to go; {@link Change#PLATFORM}: those of all sites
   * @param wait how long to wait for its completion
   * @throws Problem 409 when the reference has made another one, or the site is deleted; 429 when
   *     too much is in progress or the site has made too many lately
   */
  Made create(Caller caller, String site, Batch batch, Duration wait) {
    var retries = new Retries();
    while (true) {
      Optional<Item> earlier = stored.findByReference(site, batch.reference());
      if (earlier.isPresent()) {
        return new Made(completion.await(same(earlier.get(), batch), wait), false);
      }
      String id = stored.newId();
      Outcome outcome = commit(caller, site, id, batch);
      if (outcome.written()) {
        Item item = stored.find(site, id).orElseThrow(() -> unknown(id));
        return new Made(completion.await(item, wait), true);
      }
      Sites.explain(outcome, site);
      retries.pause();
    }
  }

  private Outcome commit(Caller caller, String site, String id, Batch batch) {
    InProgress open = InProgress.read(table, site, completion.confirmed());
    Pace pace = open.pace().next(clock.millis(), limits);
    open.require(batch);
    Write entry =
        audit.entry(
            caller,
            site,
            "invalidation.create",
            Map.of(
                "invalidation", id,
                "callerReference", batch.reference(),
                "paths", Integer.toString(batch.paths().size()),
                "tags", Integer.toString(batch.tags().size())));
    return feed.commitInvalidation(
        site,
        id,
        number -> {
          var writes = new ArrayList<Write>();
          if (!site.equals(Change.PLATFORM)) {
            writes.add(Write.check(SiteAccess.siteKey(site), Condition.equal("state", "active")));
          }
          writes.add(stored.create(caller, site, id, batch, number));
          writes.add(stored.name(site, id, batch));
          writes.add(stored.refer(site, id, batch));
          writes.add(open.add(number, batch, pace));
          writes.add(entry);
          return writes;
        });
  }

  private static Item same(Item earlier, Batch batch) {
    if (!MessageDigest.isEqual(earlier.bytes(InvalidationTable.FINGERPRINT), batch.fingerprint())) {
      throw Problem.conflict(
              "invalidation-exists",
              "This reference has made an invalidation of something else: "
                  + InvalidationTable.id(earlier))
          .field("callerReference", "was sent with other paths or tags");
    }
    return earlier;
  }

  /** Shows one, when it is completed or the time is over. */
  Invalidation get(String site, String id, Duration wait) {
    return completion.await(stored.find(site, id).orElseThrow(() -> unknown(id)), wait);
  }

  /** A page, newest first. */
  InvalidationPage list(String site, int limit, @Nullable String cursor) {
    Page page = stored.page(site, limit, cursor);
    return new InvalidationPage(completion.list(page.items()), page.next());
  }

  private static Problem unknown(String id) {
    return Problem.notFound("The invalidation " + id);
  }
}
