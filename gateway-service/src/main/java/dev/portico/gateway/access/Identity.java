package dev.portico.gateway.access;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A signed-in person or program, as auth-service or an access token of the pool says.
 *
 * @param credential what it was proven by
 * @param subject Cognito's {@code sub}: the account's identity for good
 * @param username the name to show; the subject where there is no other
 * @param email the account's address; null when it has none or the credential does not say
 * @param emailVerified whether the address was proven by a code
 * @param name the person's name; null when it is not known
 * @param groups the Cognito groups
 * @param scopes the OAuth scopes of an access token; empty for a session
 * @param claims other claims by name, such as {@code custom:department}
 * @param claimLists those that are lists of values, in the credential's order
 * @param authenticatedAt when the person last proved who it is
 * @param expiresAt until when this is true at most
 * @param token a signed statement of all this for origins ({@code Portico-Identity-Token}); null
 *     where the request itself carries one
 */
public record Identity(
    Credential credential,
    String subject,
    String username,
    @Nullable String email,
    boolean emailVerified,
    @Nullable String name,
    Set<String> groups,
    Set<String> scopes,
    Map<String, String> claims,
    Map<String, List<String>> claimLists,
    Instant authenticatedAt,
    Instant expiresAt,
    @Nullable String token) {
  /** Copies the collections. */
  public Identity {
    groups = Set.copyOf(groups);
    scopes = Set.copyOf(scopes);
    claims = Map.copyOf(claims);
    claimLists = Map.copyOf(claimLists);
  }

  /** What proves who a request is from. */
  public enum Credential {
    /** The opaque cookie of a browser that is signed in at the site. */
    SESSION,
    /** An access token of the user pool in {@code Authorization} (RFC 6750). */
    BEARER
  }
}
