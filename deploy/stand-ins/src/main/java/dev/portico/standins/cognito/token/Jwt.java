package dev.portico.standins.cognito.token;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.standins.cognito.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** JSON Web Tokens (RFC 7519) signed with RS256. */
public final class Jwt {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Jwt() {}

  static String sign(JsonNode claims, SigningKey key) {
    var content =
        encode(Json.object().put("kid", key.id()).put("alg", "RS256")) + "." + encode(claims);
    return content
        + "."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(key.sign(content.getBytes(StandardCharsets.US_ASCII)));
  }

  /** What an ID token says of its access token ({@code at_hash}, OpenID Connect 3.1.3.6). */
  static String leftHalfOfHash(String token) {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, hash.length / 2));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(JsonNode json) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(json));
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The claims, when the key that the token names has signed it; the token may be anything.
   *
   * @param keys the RSA keys by their {@code kid}
   */
  public static Optional<JsonNode> verify(
      String token, Function<String, Optional<PublicKey>> keys) {
    var parts = List.of(token.split("\\.", -1));
    if (parts.size() != 3) {
      return Optional.empty();
    }
    try {
      var decoder = Base64.getUrlDecoder();
      var header = JSON.readTree(decoder.decode(parts.get(0)));
      if (!header.path("alg").asText().equals("RS256")) {
        return Optional.empty();
      }
      var content = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.UTF_8);
      var key = keys.apply(header.path("kid").asText());
      return key.isPresent() && signed(content, decoder.decode(parts.get(2)), key.get())
          ? Optional.of(JSON.readTree(decoder.decode(parts.get(1))))
          : Optional.empty();
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  private static boolean signed(byte[] content, byte[] given, PublicKey key) {
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(key);
      signature.update(content);
      return signature.verify(given);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
