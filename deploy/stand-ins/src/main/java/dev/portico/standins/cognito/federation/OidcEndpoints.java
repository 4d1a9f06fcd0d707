package dev.portico.standins.cognito.federation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.standins.cognito.pool.IdentityProvider;

/**
 * Where a provider is.
 *
 * @param authorize where browsers are sent
 * @param token where codes are exchanged
 * @param userInfo where attributes are asked for
 * @param keys the JSON Web Key Set
 */
public record OidcEndpoints(String authorize, String token, String userInfo, String keys) {
  /**
   * As the pool's settings say, or else the provider itself (OpenID Connect Discovery 1.0, section
   * 4).
   *
   * @throws ProviderException when it cannot be found out
   */
  public static OidcEndpoints of(IdentityProvider provider) {
    if (!provider.detail("authorize_url").isEmpty()) {
      return new OidcEndpoints(
          provider.detail("authorize_url"),
          provider.detail("token_url"),
          provider.detail("attributes_url"),
          provider.detail("jwks_uri"));
    }
    var issuer = provider.issuer();
    var found = Calls.get(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
    if (!found.path("issuer").asText().equals(issuer)) {
      throw new ProviderException("the document of " + issuer + " names another issuer");
    }
    return new OidcEndpoints(
        named(found, "authorization_endpoint"),
        named(found, "token_endpoint"),
        named(found, "userinfo_endpoint"),
        named(found, "jwks_uri"));
  }

  private static String named(JsonNode found, String name) {
    var address = found.path(name).asText();
    if (address.isEmpty()) {
      throw new ProviderException("the provider's document has no " + name);
    }
    return address;
  }
}
