package dev.portico.content.control;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.settings.PathTexts;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Paths of a site at which nothing is answered but 403.
 *
 * @param site its name
 * @param pattern of the paths, as that of a behaviour
 * @param at since when
 * @param by sub of who blocked it
 * @param username of who blocked it: the address, or the user name of the token; null in an entry
 *     of an earlier release
 * @param reason for other admins
 * @param until when it ends by itself; null: when it is ended
 */
@Serdeable
@Schema(name = "BlockedPath")
record BlockedPath(
    String site,
    String pattern,
    Instant at,
    String by,
    @Nullable String username,
    String reason,
    @Nullable Instant until) {
  static final String PREFIX = "PATH#";

  static Key key(String site, String pattern) {
    return new Key(Controls.PARTITION, PREFIX + site + '#' + pattern);
  }

  /**
   * That of its item.
   *
   * @throws RuntimeException when it is not as this writes it
   */
  static BlockedPath of(Item item) {
    String rest = item.key().sk().substring(PREFIX.length());
    int end = rest.indexOf('#'); // no name of a site has one
    return new BlockedPath(
        rest.substring(0, end),
        Controls.same(rest.substring(end + 1), text -> PathTexts.pattern("pattern", text)),
        item.instant("at"),
        item.string("by"),
        item.optionalString("username").orElse(null),
        item.string("reason"),
        Controls.until(item));
  }

  Item item() {
    return Controls.item(key(site, pattern), at, by, username, reason, until);
  }
}
