package dev.portico.content.request;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.portico.content.error.Problem;
import io.micronaut.jackson.core.tree.JsonNodeTreeCodec;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;

/** A text that is one JSON value and nothing else. */
public final class JsonDocument {
  private JsonDocument() {}

  /**
   * Reads it whole and closes the parser, whose factory says what else is refused.
   *
   * @return the JSON null for an empty text
   * @throws JsonProcessingException when it is not JSON, or more than one value
   */
  public static JsonNode read(JsonParser parser) throws IOException {
    try (parser) {
      JsonNode document =
          parser.nextToken() == null
              ? JsonNode.nullNode()
              : JsonNodeTreeCodec.getInstance().readTree(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "more than one value");
      }
      return document;
    }
  }

  /** 400, with the place of what cannot be read. */
  public static Problem malformed(JsonProcessingException fault) {
    return Problem.of(
        400,
        "malformed-json",
        "The request's JSON is not valid",
        "The body is not JSON, or names a field twice: line "
            + fault.getLocation().getLineNr()
            + ", column "
            + fault.getLocation().getColumnNr()
            + ".");
  }
}
