package dev.portico.content.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import dev.portico.content.member.Caller;
import dev.portico.content.settings.StoredPolicy;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.inject.Singleton;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What shared policies have been, and who made them so. Each is kept whole; what others took the
 * place of, and that a policy was removed, for {@link #KEPT}.
 */
@Singleton
class PolicyHistory {
  /** A year: as long as settings of sites by default. */
  static final Duration KEPT = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger(PolicyHistory.class);

  private static final String DOCUMENT = "document";
  private static final String VERSION = "version";
  private static final String PREFIX = "VERSION#";

  private final Table table;
  private final Clock clock;

  PolicyHistory(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * What a policy is or was.
   *
   * @param version that was made
   * @param at when
   * @param by sub of who made it
   * @param removed whether it was the end of the policy
   * @param expiresAt until when it is kept; null: it holds
   */
  @Serdeable
  @Schema(name = "SharedPolicyVersion")
  record Entry(
      long version,
      Instant at,
      String by,
      boolean removed,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Instant expiresAt) {}

  /**
   * A page.
   *
   * @param items newest first
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "SharedPolicyVersionPage")
  record EntryPage(List<Entry> items, @Nullable String next) {}

  /**
   * A page of what a policy has been, newest first; also of one that was removed.
   *
   * @throws Problem 404 when there can be no such policy
   */
  EntryPage list(String id, int limit, @Nullable String cursor) {
    if (!StoredPolicy.isId(id)) {
      throw Problem.notFound("The policy " + id);
    }
    Instant now = clock.instant();
    Page page =
        table.query(Query.of(partition(id)).prefix(PREFIX).backward().limit(limit).after(cursor));
    return new EntryPage(
        page.items().stream().filter(item -> !item.expired(now)).map(PolicyHistory::entry).toList(),
        page.next());
  }

  /**
   * The policy of a version.
   *
   * @throws Problem 404 when there was none, or it is not kept any more
   */
  StoredPolicy stored(String id, long version) {
    return Optional.of(id)
        .filter(StoredPolicy::isId)
        .flatMap(each -> table.get(key(each, version)))
        .filter(item -> item.has(DOCUMENT) && !item.expired(clock.instant()))
        .map(item -> StoredPolicy.of(id, item.string(DOCUMENT)))
        .orElseThrow(() -> Problem.notFound("Version " + version + " of the policy " + id));
  }

  /** Whether a policy is or was this, as far as that is kept and can be read. */
  boolean has(String id, StoredPolicy policy) {
    Instant now = clock.instant();
    return table.stream(Query.of(partition(id)).prefix(PREFIX).backward())
        .filter(item -> item.has(DOCUMENT) && !item.expired(now))
        .anyMatch(item -> is(id, item.string(DOCUMENT), policy));
  }

  private static boolean is(String id, String document, StoredPolicy policy) {
    try {
      return StoredPolicy.of(id, document).shown().equals(policy.shown());
    } catch (UncheckedIOException e) {
      LOG.warn("A version of the shared policy {} cannot be read", id, e);
      return false;
    }
  }

  /** Notes what a policy becomes. */
  List<Write> entry(Caller caller, String id, long version, StoredPolicy policy) {
    return List.of(Write.put(item(caller, id, version).with(DOCUMENT, policy.json())));
  }

  /** Notes the end of a policy. */
  Write removed(Caller caller, String id, long version) {
    return Write.put(item(caller, id, version).expiringAt(clock.instant().plus(KEPT)));
  }

  /** Lets what was until now end some day. */
  Write superseded(String id, long version) {
    return Write.update(key(id, version)).expireAt(clock.instant().plus(KEPT));
  }

  private Item item(Caller caller, String id, long version) {
    return Item.at(key(id, version))
        .with(VERSION, version)
        .with("at", clock.instant())
        .with("by", caller.id());
  }

  private static String partition(String id) {
    return "POLICY#" + id;
  }

  private static Key key(String id, long version) {
    return new Key(partition(id), PREFIX + "%015d".formatted(version));
  }

  private static Entry entry(Item item) {
    return new Entry(
        item.number(VERSION),
        item.instant("at"),
        item.string("by"),
        !item.has(DOCUMENT),
        item.expiresAt().orElse(null));
  }
}
