package dev.portico.auth.revocation;

import dev.portico.auth.dynamodb.Item;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A place in the feed. The number alone does not tell one history from another: a table that was
 * restored to an earlier time numbers its new entries as the lost ones were. The mark does.
 *
 * @param number of the last entry before this place; 0 before the first
 * @param mark random part of that entry; null before the first, or where a reader does not know it
 */
record FeedPosition(long number, @Nullable String mark) {
  static final FeedPosition START = new FeedPosition(0, null);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 8;

  /** The place behind the entry that an item tells of: the feed's head or an entry. */
  static FeedPosition of(Item item) {
    return new FeedPosition(item.number("number"), item.string("mark"));
  }

  /** The place behind the next entry, with a mark that nothing else has. */
  FeedPosition next() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return new FeedPosition(number + 1, (number + 1) + "-" + HexFormat.of().formatHex(random));
  }

  /** Whether it is of another history than the mark of the entry of the same number says. */
  boolean contradicts(@Nullable String markOfSame) {
    return mark != null && markOfSame != null && !mark.equals(markOfSame);
  }
}
