package dev.portico.auth.sitesession;

import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What gateways ask of sessions. */
final class SiteSessionRequests {
  private static final String SITE = "[a-z0-9-]{1,63}";

  private SiteSessionRequests() {}

  /**
   * Redeems a code (deploy/contracts/auth-redemption.json).
   *
   * @param site that it was asked for
   * @param redirectUri that the browser brought it to
   * @param code that the browser brought
   * @param codeVerifier of PKCE (RFC 7636 section 4.1)
   */
  @Serdeable
  record Redeem(
      @NotNull @Pattern(regexp = SITE) String site,
      @NotNull @Size(max = 400) String redirectUri,
      @NotNull @Size(min = 1, max = 128) String code,
      @NotNull @Size(min = 43, max = 128) String codeVerifier) {
    /** Without the secrets, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Redeem[" + site + ']';
    }
  }

  /**
   * Asks after a session (deploy/contracts/auth-session-query.json).
   *
   * @param session the value of the cookie
   * @param site whose host got it
   */
  @Serdeable
  record Query(
      @NotNull @Size(min = 1, max = 128) String session,
      @NotNull @Pattern(regexp = SITE) String site) {
    /** Without the secret, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Query[" + site + ']';
    }
  }

  /**
   * Ends a session (deploy/contracts/auth-session-end.json).
   *
   * @param session the value of the cookie
   * @param site whose host got it
   * @param everywhere whether all browsers and tokens of the account are to go; null: they are not
   */
  @Serdeable
  record End(
      @NotNull @Size(min = 1, max = 128) String session,
      @NotNull @Pattern(regexp = SITE) String site,
      @Nullable Boolean everywhere) {
    /** Without the secret, since what is printed may be logged. */
    @Override
    public String toString() {
      return "End[" + site + ']';
    }
  }
}
