package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.Json;
import java.time.Instant;

/**
 * A message that AWS would have mailed, or sent as a text.
 *
 * @param time when, in milliseconds since the epoch
 * @param poolId the user's pool
 * @param username the user
 * @param to the address, or the telephone number
 * @param kind {@code SIGN_UP}, {@code FORGOT_PASSWORD}, {@code VERIFY_EMAIL}, {@code EMAIL_MFA},
 *     {@code SMS_MFA} or {@code INVITATION}
 * @param secret the code, or the temporary password of an invitation
 */
public record Message(
    long time, String poolId, String username, String to, String kind, String secret) {
  /** As the control endpoint shows it. */
  public ObjectNode describe() {
    return Json.object()
        .put("time", Instant.ofEpochMilli(time).toString())
        .put("userPoolId", poolId)
        .put("username", username)
        .put("to", to)
        .put("kind", kind)
        .put("code", secret);
  }
}
