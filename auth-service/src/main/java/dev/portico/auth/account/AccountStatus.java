package dev.portico.auth.account;

import dev.portico.auth.delivery.Delivery;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What happens next with an account.
 *
 * @param status {@code CONFIRMATION_REQUIRED} or {@code CONFIRMED}
 * @param delivery where the code goes, if it goes anywhere
 */
@Serdeable
public record AccountStatus(String status, @Nullable Delivery delivery) {
  /** A code is on its way, to whoever may have an account. */
  static AccountStatus confirmationRequired(String address) {
    return new AccountStatus("CONFIRMATION_REQUIRED", Delivery.to(address));
  }

  /** The account can be used. */
  static AccountStatus confirmed() {
    return new AccountStatus("CONFIRMED", null);
  }
}
