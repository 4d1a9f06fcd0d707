package dev.portico.auth.recovery;

import dev.portico.auth.delivery.Delivery;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What happens next with a forgotten password.
 *
 * @param status {@code CODE_REQUIRED} or {@code PASSWORD_CHANGED}
 * @param delivery where the code goes, if it goes anywhere
 */
@Serdeable
record RecoveryStatus(String status, @Nullable Delivery delivery) {
  /** A code is on its way, to whoever may have an account. */
  static RecoveryStatus codeRequired(String address) {
    return new RecoveryStatus("CODE_REQUIRED", Delivery.to(address));
  }

  /** The new password can be used. */
  static RecoveryStatus passwordChanged() {
    return new RecoveryStatus("PASSWORD_CHANGED", null);
  }
}
