package dev.portico.standins.cognito.srp;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The server's side of one SRP exchange.
 *
 * @param identity the pool's short name followed by the user name
 * @param salt the salt, hexadecimal
 * @param publicValue B, hexadecimal
 * @param key the key that both sides derive, hexadecimal
 */
public record SrpHandshake(String identity, String salt, String publicValue, String key) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] INFO = "Caldera Derived Key\u0001".getBytes(StandardCharsets.UTF_8);

  /**
   * Answers a client.
   *
   * @param clientPublic A, hexadecimal
   * @throws IllegalArgumentException when A is no number or a multiple of N, which RFC 5054 forbids
   */
  public static SrpHandshake answer(
      String identity, PasswordVerifier password, String clientPublic) {
    var a = new BigInteger(clientPublic, 16);
    if (a.signum() <= 0 || a.mod(SrpGroup.N).signum() == 0) {
      throw new IllegalArgumentException("A must not be a multiple of N");
    }
    var v = new BigInteger(password.verifier(), 16);
    var secret = new BigInteger(256, RANDOM);
    var b = SrpGroup.K.multiply(v).add(SrpGroup.G.modPow(secret, SrpGroup.N)).mod(SrpGroup.N);
    var u = SrpGroup.number(SrpGroup.sha256(a.toByteArray(), b.toByteArray()));
    var s = a.multiply(v.modPow(u, SrpGroup.N)).modPow(secret, SrpGroup.N);
    var extracted = SrpGroup.hmac(u.toByteArray(), s.toByteArray());
    var key = Arrays.copyOf(SrpGroup.hmac(extracted, INFO), 16);
    return new SrpHandshake(
        identity, password.salt(), b.toString(16), HexFormat.of().formatHex(key));
  }

  /** Whether the client's signature shows that it derived the same key. */
  public boolean proves(byte[] secretBlock, String timestamp, byte[] signature) {
    var expected =
        SrpGroup.hmac(
            HexFormat.of().parseHex(key),
            identity.getBytes(StandardCharsets.UTF_8),
            secretBlock,
            timestamp.getBytes(StandardCharsets.UTF_8));
    return MessageDigest.isEqual(expected, signature);
  }
}
