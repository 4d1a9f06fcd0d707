package dev.portico.auth.dynamodb;

/**
 * The primary key of an item.
 *
 * @param pk partition key; begins with {@link #PREFIX}, to which this service's rights are bound
 * @param sk sort key
 */
public record Key(String pk, String sk) {
  /** How all partition keys of this service begin. */
  public static final String PREFIX = "AUTH#";

  /** Refuses keys that this service has no right to. */
  public Key {
    if (!pk.startsWith(PREFIX) || sk.isEmpty()) {
      throw new IllegalArgumentException("not a key of this service: " + pk + " / " + sk);
    }
  }
}
