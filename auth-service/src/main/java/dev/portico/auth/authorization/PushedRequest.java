package dev.portico.auth.authorization;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway pushes (deploy/contracts/auth-authorization-request.json).
 *
 * @param site whose host it is
 * @param redirectUri where the browser goes back to, at that host
 * @param state by which the gateway knows the browser again
 * @param nonce that comes back with the session
 * @param codeChallenge of PKCE, S256 (RFC 7636 section 4.2)
 * @param prompt {@code login}: who is signed in must sign in again; null: need not
 * @param signIn how the sign-in pages look; null: as they do by themselves
 */
@Serdeable
@Introspected
public record PushedRequest(
    @NotNull @Pattern(regexp = "[a-z0-9-]{1,63}") String site,
    @NotNull @Size(max = 400) String redirectUri,
    @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{16,128}") String state,
    @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{16,128}") String nonce,
    @NotNull @Pattern(regexp = "[A-Za-z0-9_-]{43}") String codeChallenge,
    @Nullable @Pattern(regexp = "login") String prompt,
    @Nullable @Valid Look signIn) {
  /**
   * How the sign-in pages look.
   *
   * @param title what is signed in to
   * @param accent a colour
   * @param logo address of an image at the host of the redirect URI
   */
  @Serdeable
  @Introspected
  public record Look(
      @Nullable @Size(max = 120) String title,
      @Nullable @Pattern(regexp = "#[0-9a-fA-F]{6}") String accent,
      @Nullable @Size(max = 600) String logo) {}
}
