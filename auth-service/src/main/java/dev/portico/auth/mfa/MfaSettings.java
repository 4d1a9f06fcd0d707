package dev.portico.auth.mfa;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;

/**
 * What authenticator apps show.
 *
 * @param totpIssuer the name above the account, 1 to 64 characters without a colon
 */
@Context
@ConfigurationProperties("portico.mfa")
public record MfaSettings(String totpIssuer) {
  /**
   * Refuses what apps do not understand.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public MfaSettings {
    if (totpIssuer.isBlank() || totpIssuer.length() > 64 || totpIssuer.contains(":")) {
      throw new IllegalArgumentException(
          "PORTICO_TOTP_ISSUER must be 1 to 64 characters without a colon");
    }
  }
}
