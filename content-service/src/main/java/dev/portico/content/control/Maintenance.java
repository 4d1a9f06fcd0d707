package dev.portico.content.control;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.settings.AddressBlock;
import dev.portico.content.settings.PathTexts;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A site that shows a maintenance page, with 503, in place of everything.
 *
 * @param site its name
 * @param at since when
 * @param by sub of who switched it on
 * @param username of who switched it on: the address, or the user name of the token; null in an
 *     entry of an earlier release
 * @param reason for other admins; viewers are not told
 * @param until when it ends by itself; null: when it is ended
 * @param retryAfterSeconds what viewers are told of when to try again
 * @param page percent-encoded path of a file of the site's live deployment; null: a plain page
 * @param exemptAddresses blocks of addresses whose viewers get the site as ever
 */
@Serdeable
@Schema(name = "Maintenance")
record Maintenance(
    String site,
    Instant at,
    String by,
    @Nullable String username,
    String reason,
    @Nullable Instant until,
    int retryAfterSeconds,
    @Nullable String page,
    List<String> exemptAddresses) {
  static final String PREFIX = "MAINTENANCE#";

  /** Keeps an unmodifiable copy. */
  Maintenance {
    exemptAddresses = List.copyOf(exemptAddresses);
  }

  static Key key(String site) {
    return new Key(Controls.PARTITION, PREFIX + site);
  }

  /**
   * That of its item.
   *
   * @throws RuntimeException when it is not as this writes it
   */
  static Maintenance of(Item item) {
    return new Maintenance(
        item.key().sk().substring(PREFIX.length()),
        item.instant("at"),
        item.string("by"),
        item.optionalString("username").orElse(null),
        item.string("reason"),
        Controls.until(item),
        (int) item.number("retryAfterSeconds"),
        item.optionalString("page").map(text -> PathTexts.page("page", text)).orElse(null),
        item.list("exemptAddresses").stream()
            .map(text -> AddressBlock.parse(text).text())
            .toList());
  }

  Item item() {
    return Controls.item(key(site), at, by, username, reason, until)
        .with("retryAfterSeconds", retryAfterSeconds)
        .with("page", page)
        .withList("exemptAddresses", exemptAddresses);
  }
}
