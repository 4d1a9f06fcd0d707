package dev.portico.standins.cognito.srp;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * What is kept of a password: SRP's salt and verifier, from which the password cannot be read.
 *
 * @param salt hexadecimal
 * @param verifier g to the power of the salted hash, hexadecimal
 */
public record PasswordVerifier(String salt, String verifier) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Makes one with a salt of 128 random bits.
   *
   * @param identity the pool's short name (its id after the underscore) followed by the user name
   */
  public static PasswordVerifier create(String identity, String password) {
    return create(identity, password, new BigInteger(128, RANDOM));
  }

  private static PasswordVerifier create(String identity, String password, BigInteger salt) {
    var inner = SrpGroup.sha256((identity + ":" + password).getBytes(StandardCharsets.UTF_8));
    var x = SrpGroup.number(SrpGroup.sha256(salt.toByteArray(), inner));
    return new PasswordVerifier(salt.toString(16), SrpGroup.G.modPow(x, SrpGroup.N).toString(16));
  }

  /** Whether this was made from that password. */
  public boolean matches(String identity, String password) {
    var other = create(identity, password, new BigInteger(salt, 16));
    return MessageDigest.isEqual(
        other.verifier.getBytes(StandardCharsets.US_ASCII),
        verifier.getBytes(StandardCharsets.US_ASCII));
  }
}
