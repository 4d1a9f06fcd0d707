package dev.portico.gateway.access.token;

import com.nimbusds.jose.jwk.RSAKey;
import java.util.Optional;

/** Where the rules find the key that a token names. */
@FunctionalInterface
interface SigningKeys {
  /**
   * The pool's RSA key of this id.
   *
   * @throws KeysUnavailableException if no keys can be had at all
   */
  Optional<RSAKey> byId(String keyId);
}
