package dev.portico.auth.user;

import dev.portico.auth.delivery.Delivery;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * What happens next with a changed address.
 *
 * @param status always {@code VERIFICATION_REQUIRED}
 * @param delivery where the code goes
 */
@Serdeable
record EmailStatus(String status, @Nullable Delivery delivery) {
  static EmailStatus verificationRequired(String email) {
    return new EmailStatus("VERIFICATION_REQUIRED", Delivery.to(email));
  }
}
