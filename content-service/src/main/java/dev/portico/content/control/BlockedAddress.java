package dev.portico.content.control;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.settings.AddressBlock;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Addresses from which nothing is answered but 403.
 *
 * @param block of addresses, its first and how many bits are shared: {@code 203.0.113.0/24}
 * @param at since when
 * @param by sub of who blocked it
 * @param username of who blocked it: the address, or the user name of the token; null in an entry
 *     of an earlier release
 * @param reason for other admins
 * @param until when it ends by itself; null: when it is ended
 */
@Serdeable
@Schema(name = "BlockedAddress")
record BlockedAddress(
    String block,
    Instant at,
    String by,
    @Nullable String username,
    String reason,
    @Nullable Instant until) {
  static final String PREFIX = "ADDRESS#";

  static Key key(String block) {
    return new Key(Controls.PARTITION, PREFIX + block);
  }

  /**
   * That of its item.
   *
   * @throws RuntimeException when it is not as this writes it
   */
  static BlockedAddress of(Item item) {
    return new BlockedAddress(
        // In its one form, by which it is found again.
        Controls.same(
            item.key().sk().substring(PREFIX.length()), text -> AddressBlock.parse(text).text()),
        item.instant("at"),
        item.string("by"),
        item.optionalString("username").orElse(null),
        item.string("reason"),
        Controls.until(item));
  }

  Item item() {
    return Controls.item(key(block), at, by, username, reason, until);
  }
}
