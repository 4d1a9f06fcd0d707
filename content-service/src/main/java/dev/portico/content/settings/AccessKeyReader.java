package dev.portico.content.settings;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the keys by which signatures of requests are checked, and their groups. */
final class AccessKeyReader {
  /** RFC 7468, section 13. */
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private AccessKeyReader() {}

  static AccessKey key(Fields fields) {
    String id = OriginReader.id(fields, "id");
    String pem = fields.required("key");
    fields.refuse("key", pem.isEmpty() ? null : refusal(pem));
    return new AccessKey(id, pem);
  }

  static AccessKeyGroup group(Fields fields) {
    String id = OriginReader.id(fields, "id");
    List<String> keys = fields.texts("publicKeys", List.of(), Limits.KEYS_OF_A_GROUP);
    if (keys.isEmpty()) {
      fields.fault("publicKeys", "must name a key");
    }
    return new AccessKeyGroup(id, keys);
  }

  /** What is wrong with a key; null for nothing. */
  private static @Nullable String refusal(String pem) {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.matches()) {
      return "must be a public key in PEM: -----BEGIN PUBLIC KEY----- and so on";
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
      return good(new X509EncodedKeySpec(der))
          ? null
          : "must be RSA of 2048 to 4096 bits, or ECDSA on P-256";
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return "is damaged, or of another kind than RSA and ECDSA";
    }
  }

  private static boolean good(X509EncodedKeySpec key) throws GeneralSecurityException {
    try {
      RSAPublicKey rsa = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(key);
      int bits = rsa.getModulus().bitLength();
      return bits >= 2048 && bits <= 4096;
    } catch (InvalidKeySpecException e) {
      ECPublicKey ec = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(key);
      return ec.getParams().getOrder().equals(P256_ORDER);
    }
  }
}
