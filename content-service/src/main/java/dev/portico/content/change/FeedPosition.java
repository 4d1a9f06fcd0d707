package dev.portico.content.change;

import dev.portico.content.dynamodb.Item;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in the feed. The number alone does not tell one history from another: a table that was
 * restored to an earlier time numbers its new changes as the lost ones were. The mark does.
 *
 * @param number of the last change before this place; 0 before the first
 * @param mark random part of that change's record; null before the first change, and for changes
 *     that were written by a release without marks
 */
record FeedPosition(long number, @Nullable String mark) {
  static final FeedPosition START = new FeedPosition(0, null);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 8;

  /** The place behind the change that an item tells of: the feed's head or a record. */
  static FeedPosition of(Item item) {
    long number = item.number("number");
    // A copy of a release without marks moves the number of the head and leaves the mark alone.
    String mark =
        item.optionalString("mark").filter(found -> found.startsWith(number + "-")).orElse(null);
    return new FeedPosition(number, mark);
  }

  /** The place behind the next change, with a mark that nothing else has. */
  FeedPosition next() {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return new FeedPosition(number + 1, (number + 1) + "-" + HexFormat.of().formatHex(random));
  }

  /** Whether it is of another history than the mark of the change of the same number says. */
  boolean contradicts(@Nullable String markOfSame) {
    return mark != null && markOfSame != null && !Objects.equals(mark, markOfSame);
  }
}
