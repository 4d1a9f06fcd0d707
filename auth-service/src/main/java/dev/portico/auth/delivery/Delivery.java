package dev.portico.auth.delivery;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * Where a code goes. Made from what the caller sent, never from what the pool answered, so that it
 * says the same whether an account exists or not.
 *
 * @param medium always {@code EMAIL}
 * @param destination the address with most of it hidden, as Cognito writes it: the first letter of
 *     each of its halves, and asterisks
 */
@Serdeable
public record Delivery(String medium, String destination) {
  /** The delivery to this address; nothing if it is none, as for a user name that is not one. */
  public static @Nullable Delivery to(String address) {
    int at = address.indexOf('@');
    return at < 1 || at == address.length() - 1
        ? null
        : new Delivery("EMAIL", first(address) + "***@" + first(address.substring(at + 1)) + "***");
  }

  private static String first(String text) {
    return text.substring(0, text.offsetByCodePoints(0, 1));
  }
}
