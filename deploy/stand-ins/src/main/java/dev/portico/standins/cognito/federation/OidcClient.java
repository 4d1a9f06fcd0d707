package dev.portico.standins.cognito.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.IdentityProvider;
import dev.portico.standins.cognito.token.Jwt;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A pool as the client of an identity provider (OpenID Connect Core 1.0).
 *
 * @param provider the provider
 * @param endpoints where it is
 */
public record OidcClient(IdentityProvider provider, OidcEndpoints endpoints) {
  private static final String SUBJECT = "sub";

  /**
   * What the provider says of the person whose code was brought: its ID token, and over that what
   * it answers about the attributes.
   *
   * @param redirectUri where the code was sent to
   * @param nonce that the ID token must have
   * @throws ProviderException when it does not answer, or not as it must
   */
  public JsonNode claims(String code, String redirectUri, String nonce, Instant now) {
    var tokens =
        Calls.post(
            endpoints.token(),
            Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                redirectUri,
                "client_id",
                provider.clientId(),
                "client_secret",
                provider.detail("client_secret")));
    var claims = verified(tokens.path("id_token").asText(), nonce, now);
    var info =
        Calls.ask(
            provider.detail("attributes_request_method"),
            endpoints.userInfo(),
            tokens.path("access_token").asText());
    // Section 5.3.2: else it is about somebody else.
    if (!info.isObject() || !info.path(SUBJECT).equals(claims.path(SUBJECT))) {
      throw new ProviderException("the attributes are of another sub than the ID token");
    }
    return claims.setAll((ObjectNode) info);
  }

  /** The claims of an ID token, checked as section 3.1.3.7 says. */
  private ObjectNode verified(String idToken, String nonce, Instant now) {
    var keys = Calls.get(endpoints.keys());
    var claims =
        Jwt.verify(idToken, id -> key(keys, id))
            .orElseThrow(
                () -> new ProviderException("the ID token is not signed by the provider (RS256)"));
    if (!claims.path("iss").asText().equals(provider.issuer())) {
      throw new ProviderException("the ID token is of another issuer");
    }
    if (!isAudience(claims)) {
      throw new ProviderException("the ID token is for another client");
    }
    if (claims.path("exp").asLong() <= now.getEpochSecond()) {
      throw new ProviderException("the ID token has expired");
    }
    if (!claims.path("nonce").asText().equals(nonce)) {
      throw new ProviderException("the ID token has another nonce");
    }
    if (!(claims instanceof ObjectNode object) || claims.path(SUBJECT).asText().isEmpty()) {
      throw new ProviderException("the ID token is of nobody");
    }
    return object;
  }

  private boolean isAudience(JsonNode claims) {
    var audience = claims.path("aud");
    var id = provider.clientId();
    if (!audience.isArray()) {
      return audience.asText().equals(id);
    }
    for (var one : audience) {
      if (one.asText().equals(id)) {
        return audience.size() == 1 || claims.path("azp").asText().equals(id);
      }
    }
    return false;
  }

  /** The RSA key of that id (RFC 7518 section 6.3.1). */
  private static Optional<PublicKey> key(JsonNode keys, String id) {
    for (var key : keys.path("keys")) {
      if (key.path("kid").asText().equals(id) && key.path("kty").asText().equals("RSA")) {
        try {
          return Optional.of(
              KeyFactory.getInstance("RSA")
                  .generatePublic(
                      new RSAPublicKeySpec(number(key.path("n")), number(key.path("e")))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          throw new ProviderException("the provider's key " + id + " cannot be used");
        }
      }
    }
    return Optional.empty();
  }

  private static BigInteger number(JsonNode unsigned) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(unsigned.asText()));
  }
}
