package dev.portico.gateway.site;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads public keys in PEM (RFC 7468, section 13). */
final class PublicKeyPem {
  private PublicKeyPem() {}

  /** The key, of RSA or ECDSA; null when it is neither, or damaged. */
  static @Nullable PublicKey read(String pem) {
    String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
    try {
      X509EncodedKeySpec spec = new X509EncodedKeySpec(Base64.getDecoder().decode(base64));
      try {
        return KeyFactory.getInstance("RSA").generatePublic(spec);
      } catch (InvalidKeySpecException e) {
        return KeyFactory.getInstance("EC").generatePublic(spec);
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return null;
    }
  }
}
