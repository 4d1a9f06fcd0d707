package dev.portico.standins.cognito.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.Json;
import dev.portico.standins.cognito.store.DataFolder;
import dev.portico.standins.cognito.store.RandomText;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A pool's RSA key pair, made once and kept.
 *
 * @param id the {@code kid}
 * @param privateKey signs
 * @param publicKey verifies
 */
record SigningKey(String id, PrivateKey privateKey, PublicKey publicKey) {
  /** What the folder keeps. */
  private record Kept(String id, String privateKey, String publicKey) {}

  static SigningKey of(String poolId, DataFolder data) {
    var file = "pools/" + poolId + "/key.json";
    try {
      var kept = data.read(file, Kept.class).orElse(null);
      if (kept == null) {
        kept = generate();
        data.write(file, kept);
      }
      var factory = KeyFactory.getInstance("RSA");
      var decoder = Base64.getDecoder();
      return new SigningKey(
          kept.id(),
          factory.generatePrivate(new PKCS8EncodedKeySpec(decoder.decode(kept.privateKey()))),
          factory.generatePublic(new X509EncodedKeySpec(decoder.decode(kept.publicKey()))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key in " + file + " cannot be used", e);
    }
  }

  private static Kept generate() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    var encoder = Base64.getEncoder();
    return new Kept(
        RandomText.base64(32),
        encoder.encodeToString(pair.getPrivate().getEncoded()),
        encoder.encodeToString(pair.getPublic().getEncoded()));
  }

  byte[] sign(byte[] content) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(privateKey);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a JSON Web Key (RFC 7517). */
  ObjectNode describe() {
    var rsa = (RSAPublicKey) publicKey;
    return Json.object()
        .put("alg", "RS256")
        .put("e", unsigned(rsa.getPublicExponent()))
        .put("kid", id)
        .put("kty", "RSA")
        .put("n", unsigned(rsa.getModulus()))
        .put("use", "sig");
  }

  private static String unsigned(BigInteger number) {
    var bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }
}
