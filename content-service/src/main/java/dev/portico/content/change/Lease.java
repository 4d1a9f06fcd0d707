package dev.portico.content.change;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Write;
import java.time.Instant;

/**
 * The right to do what only one copy may do, until it ends. The fencing number grows with every new
 * holder: a write that matters adds {@link #check()} to its transaction, so that a holder that
 * slept through its end cannot do harm.
 *
 * @param name of the work
 * @param holder random id of who holds it
 * @param fence the fencing number
 * @param until when it ends unless renewed
 */
public record Lease(String name, String holder, long fence, Instant until) {
  /** Fails a transaction unless this lease is still the newest. */
  public Write.Check check() {
    return Write.check(key(name), Condition.equal("fence", fence));
  }

  static Key key(String name) {
    return new Key("LEASE#" + name, "LEASE");
  }

  Item item() {
    return Item.at(key(name)).with("holder", holder).with("fence", fence).with("until", until);
  }
}
