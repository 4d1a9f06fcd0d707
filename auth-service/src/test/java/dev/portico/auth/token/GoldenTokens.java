package dev.portico.auth.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cases of deploy/contracts/access-tokens.json, whose README says how they are written. Signed
 * with keys made here, by hand: no library would sign most of them.
 */
final class GoldenTokens {
  private static final String POOL_KEY = "pool";

  private final Map<String, Object> file;
  private final Instant now;
  private final KeyPair pool = keyPair();
  private final KeyPair stranger = keyPair();

  /**
   * A token and what is to become of it.
   *
   * @param name what is special about it
   * @param token as sent
   * @param groups of the person, when it is to be accepted
   * @param machine whether it is an app client's own, when it is to be accepted
   * @param refused how the reason begins, when it is to be refused
   */
  record Case(
      String name, String token, List<String> groups, boolean machine, @Nullable String refused) {
    @Override
    public String toString() {
      return name;
    }
  }

  GoldenTokens() {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    try {
      file =
          JSONObjectUtils.parse(
              Files.readString(root.resolve("deploy/contracts/access-tokens.json")));
      now = Instant.parse(JSONObjectUtils.getString(file, "now"));
    } catch (IOException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The time at which the tokens are judged. */
  Instant now() {
    return now;
  }

  /** The rules, with the settings of the file. */
  AccessTokenRules rules() throws ParseException {
    var rules = JSONObjectUtils.getJSONObject(file, "rules");
    return new AccessTokenRules(
        JSONObjectUtils.getString(rules, "issuer"),
        Set.copyOf(JSONObjectUtils.getStringList(rules, "clientIds")),
        Duration.parse(JSONObjectUtils.getString(rules, "clockSkew")));
  }

  /** What the pool publishes. */
  SigningKeys keys() {
    RSAKey key = new RSAKey.Builder((RSAPublicKey) pool.getPublic()).keyID(POOL_KEY).build();
    return id -> Optional.of(key).filter(it -> it.getKeyID().equals(id));
  }

  /** The cases, signed. */
  List<Case> cases() throws ParseException, GeneralSecurityException {
    var cases = new ArrayList<Case>();
    for (Map<String, Object> each : JSONObjectUtils.getJSONObjectArray(file, "cases")) {
      Map<String, Object> accepted = JSONObjectUtils.getJSONObject(each, "accepted");
      cases.add(
          new Case(
              JSONObjectUtils.getString(each, "name"),
              token(each),
              accepted == null ? List.of() : JSONObjectUtils.getStringList(accepted, "groups"),
              accepted != null && Boolean.TRUE.equals(accepted.get("machine")),
              JSONObjectUtils.getString(each, "refused")));
    }
    return cases;
  }

  private String token(Map<String, Object> each) throws ParseException, GeneralSecurityException {
    if (each.get("token") instanceof String raw) {
      return raw;
    }
    Map<String, Object> header = over(each, "header");
    Map<String, Object> claims = over(each, "claims");
    over(each, "times")
        .forEach(
            (name, seconds) ->
                claims.put(name, now.getEpochSecond() + ((Number) seconds).longValue()));
    if (each.get("padding") instanceof Number length) {
      claims.put("padding", "x".repeat(length.intValue()));
    }
    String signed = encoded(header) + "." + encoded(claims);
    String key = String.valueOf(each.getOrDefault("key", POOL_KEY));
    String signature = Base64URL.encode(sign(key, header, signed.getBytes(UTF_8))).toString();
    if (each.get("forged") instanceof Map<?, ?> forged) {
      forged.forEach((name, value) -> claims.put(String.valueOf(name), value));
      return encoded(header) + "." + encoded(claims) + "." + signature;
    }
    return signed + "." + signature;
  }

  /** A part of the good token, with a case's own values over it; null takes one away. */
  private Map<String, Object> over(Map<String, Object> each, String part) throws ParseException {
    var all =
        new LinkedHashMap<>(
            JSONObjectUtils.getJSONObject(JSONObjectUtils.getJSONObject(file, "good"), part));
    Map<String, Object> own = JSONObjectUtils.getJSONObject(each, part);
    if (own != null) {
      all.putAll(own);
      own.forEach((name, value) -> all.remove(name, null));
    }
    return all;
  }

  private static String encoded(Map<String, Object> json) {
    return Base64URL.encode(JSONObjectUtils.toJSONString(json)).toString();
  }

  private byte[] sign(String key, Map<String, Object> header, byte[] signed)
      throws GeneralSecurityException {
    return switch (key) {
      case "none" -> new byte[0];
      case "public key as secret" -> {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(pool.getPublic().getEncoded(), "HmacSHA256"));
        yield mac.doFinal(signed);
      }
      case POOL_KEY -> rsa(pool, header, signed);
      case "stranger" -> rsa(stranger, header, signed);
      default -> throw new IllegalArgumentException("no such key: " + key);
    };
  }

  private static byte[] rsa(KeyPair key, Map<String, Object> header, byte[] signed)
      throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            "RS512".equals(header.get("alg")) ? "SHA512withRSA" : "SHA256withRSA");
    signature.initSign(key.getPrivate());
    signature.update(signed);
    return signature.sign();
  }
}
