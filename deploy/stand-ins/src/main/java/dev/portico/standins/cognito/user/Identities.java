package dev.portico.standins.cognito.user;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.pool.IdentityProvider;
import dev.portico.standins.cognito.protocol.Json;
import java.util.List;

/** The attribute, and the claim, that says at which provider somebody is known, and by what. */
public final class Identities {
  /** The name of both. */
  public static final String ATTRIBUTE = "identities";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Identities() {}

  /** The attribute: JSON in a text. */
  static String attribute(IdentityProvider provider, String userId, long now) {
    var identity =
        Json.object()
            .put("userId", userId)
            .put("providerName", provider.name())
            .put("providerType", IdentityProvider.TYPE)
            .putNull("issuer")
            .put("primary", true)
            .put("dateCreated", now);
    return Json.list(List.of(identity), one -> one).toString();
  }

  /** Whether a user is known at a provider by an id. */
  static boolean has(User user, String provider, String userId) {
    for (JsonNode identity : list(user.attributes().getOrDefault(ATTRIBUTE, "[]"))) {
      if (identity.path("providerName").asText().equals(provider)
          && identity.path("userId").asText().equals(userId)) {
        return true;
      }
    }
    return false;
  }

  /** The claim of an ID token: the same as JSON, but every value in it a text. */
  public static ArrayNode claim(String attribute) {
    var list = list(attribute);
    for (JsonNode identity : list) {
      ((ObjectNode) identity)
          .put("primary", identity.path("primary").asText())
          .put("dateCreated", identity.path("dateCreated").asText());
    }
    return list;
  }

  private static ArrayNode list(String attribute) {
    try {
      return (ArrayNode) JSON.readTree(attribute);
    } catch (JacksonException e) {
      throw new IllegalStateException(e);
    }
  }
}
