package dev.portico.content.dynamodb;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a write or a transaction. */
public sealed interface Outcome {
  /** All of it happened. */
  record Written() implements Outcome {}

  /**
   * Nothing happened, since conditions did not hold.
   *
   * @param failures which; at least one
   */
  record Refused(List<Failure> failures) implements Outcome {}

  /**
   * A condition that did not hold.
   *
   * @param index the write's place in the transaction, from 0
   * @param key the item it is about
   * @param current the item as stored, null when there is none
   */
  record Failure(int index, Key key, @Nullable Item current) {}

  /** Whether it happened. */
  default boolean written() {
    return this instanceof Written;
  }

  /** The failed condition on this item, if that is what stopped it. */
  default Optional<Failure> failure(Key key) {
    return this instanceof Refused refused
        ? refused.failures().stream().filter(failure -> failure.key().equals(key)).findFirst()
        : Optional.empty();
  }
}
