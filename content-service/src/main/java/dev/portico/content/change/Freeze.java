package dev.portico.content.change;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That publishing is frozen on the whole platform. Each commit of the feed that it stops has a
 * check of this in its transaction, so that nothing that began before it can end after it.
 *
 * @param at since when
 * @param by sub of who froze it
 * @param username of who froze it: the address, or the user name of the token where auth-service
 *     could not be asked for it
 * @param reason for whoever is refused
 * @param until when it ends by itself; null: when it is ended
 */
@Serdeable
@Schema(name = "Freeze")
public record Freeze(
    Instant at, String by, String username, String reason, @Nullable Instant until) {
  /** Where it is; there is one at most. */
  public static final Key KEY = new Key("CONTROLS", "FREEZE");

  private static final String UNTIL = "until";

  /** The freeze of its item. */
  public static Freeze of(Item item) {
    return new Freeze(
        item.instant("at"),
        item.string("by"),
        item.string("username"),
        item.string("reason"),
        item.optionalInstant(UNTIL).orElse(null));
  }

  /** As it is stored. */
  public Item item() {
    Item item =
        Item.at(KEY)
            .with("at", at)
            .with("by", by)
            .with("username", username)
            .with("reason", reason)
            .with(UNTIL, until);
    return until == null ? item : item.expiringAt(until);
  }

  /** Whether it has not ended by itself. */
  public boolean holds(Instant now) {
    return until == null || until.isAfter(now);
  }

  /** Fails a transaction while one holds. */
  static Write.Check check(Instant now) {
    return Write.check(
        KEY,
        // One of milliseconds is over when they have begun.
        Condition.or(Condition.notExists(), Condition.less(UNTIL, now.plusMillis(1))));
  }

  /** What everybody is told whose change it stops. */
  Problem problem(Instant now) {
    Problem problem =
        Problem.of(
            423,
            "publishing-frozen",
            "Publishing is frozen",
            "%s has frozen publishing on the whole platform at %s (%s), %s. Roll-backs and"
                    .formatted(
                        username, at, reason, until == null ? "until lifted" : "until " + until)
                + " invalidations are possible, and restoring by admins.");
    return until == null ? problem : problem.retryAfter(Duration.between(now, until));
  }
}
