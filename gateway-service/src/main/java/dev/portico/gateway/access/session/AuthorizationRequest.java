package dev.portico.gateway.access.session;

import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * A pushed authorization request (RFC 9126): deploy/contracts/auth-authorization-request.json.
 *
 * @param site name of the site
 * @param redirectUri where the browser comes back to, at the site's own host
 * @param state what proves that it is the same browser
 * @param nonce what proves that the session was made for this request
 * @param codeChallenge S256 of the secret that redeems the code (RFC 7636)
 * @param prompt {@code login}: ask who it is even if that is known; null: only if it is not
 * @param signIn how the sign-in pages look; null: as always
 */
@Serdeable
public record AuthorizationRequest(
    String site,
    String redirectUri,
    String state,
    String nonce,
    String codeChallenge,
    @Nullable String prompt,
    @Nullable SignInLook signIn) {}
