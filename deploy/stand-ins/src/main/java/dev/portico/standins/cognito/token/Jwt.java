package dev.portico.standins.cognito.token;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.standins.cognito.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** JSON Web Tokens (RFC 7519) signed with RS256. */
final class Jwt {
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

  private static String encode(JsonNode json) {
    try {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(json));
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The claims, when one of the keys signed the token; the token may be anything. */
  static Optional<JsonNode> verify(String token, Iterable<SigningKey> keys) {
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
      for (var key : keys) {
        if (key.id().equals(header.path("kid").asText())
            && key.verifies(content, decoder.decode(parts.get(2)))) {
          return Optional.of(JSON.readTree(decoder.decode(parts.get(1))));
        }
      }
      return Optional.empty();
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }
}
