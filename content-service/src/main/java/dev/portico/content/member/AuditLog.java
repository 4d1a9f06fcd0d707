package dev.portico.content.member;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, when and from where. An entry is a write of the same transaction as the change,
 * so that neither is without the other.
 */
@Singleton
public final class AuditLog {
  /** In place of a site's name: the whole platform. No site can have this name. */
  public static final String PLATFORM = "*";

  private static final SecureRandom RANDOM = new SecureRandom();

  /** Of fixed width, so that entries sort by time. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Table table;
  private final Clock clock;

  AuditLog(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * An entry, to be added to a transaction.
   *
   * @param caller who
   * @param site where; {@link #PLATFORM}: everywhere
   * @param action what, such as {@code site.create} or {@code deployment.activate}
   * @param details names and values that matter, never a secret; a few, short
   */
  public Write entry(Caller caller, String site, String action, Map<String, String> details) {
    return entry(caller.id(), caller.address(), caller.requestId(), site, action, details);
  }

  /** An entry of what the service does by itself, such as a purge. */
  public Write entry(String site, String action, Map<String, String> details) {
    return entry("portico", null, "", site, action, details);
  }

  /**
   * An entry as listed.
   *
   * @param at when
   * @param by sub of a person, {@code token:} and id of a deploy token, or {@code portico}
   * @param action what
   * @param address that it was done from, as the gateway says; null where the service did it by
   *     itself, and of entries from before addresses were kept
   * @param details names and values
   * @param requestId of the request that did it; empty when none
   */
  @Serdeable
  @Schema(name = "AuditEntry")
  public record Entry(
      Instant at,
      String by,
      String action,
      @Nullable String address,
      Map<String, String> details,
      String requestId) {}

  /**
   * A page.
   *
   * @param items newest first
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "AuditPage")
  public record EntryPage(List<Entry> items, @Nullable String next) {}

  /** A page of a site's entries, or of the {@link #PLATFORM}'s, newest first. */
  public EntryPage list(String site, int limit, @Nullable String cursor) {
    var page = table.query(Query.of(partition(site)).backward().limit(limit).after(cursor));
    return new EntryPage(page.items().stream().map(AuditLog::entry).toList(), page.next());
  }

  /** The partition of a site's entries. */
  public static String partition(String site) {
    return "SITE#" + site + "#AUDIT";
  }

  private Write entry(
      String by,
      @Nullable String address,
      String requestId,
      String site,
      String action,
      Map<String, String> details) {
    Instant now = clock.instant();
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    return Write.create(
        Item.at(partition(site), TIME.format(now) + "#" + id)
            .with("at", now)
            .with("by", by)
            .with("action", action)
            .with("address", address)
            .withMap("details", details)
            .with("requestId", requestId));
  }

  private static Entry entry(Item item) {
    return new Entry(
        item.instant("at"),
        item.string("by"),
        item.string("action"),
        item.optionalString("address").orElse(null),
        item.map("details"),
        item.string("requestId"));
  }
}
