package dev.portico.content.dynamodb;

import dev.portico.content.error.Problem;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The opaque cursor of a list: the last key read, in base64url. It names the partition it belongs
 * to, so that one taken from another list is refused instead of reading what is not the caller's.
 */
final class Cursor {
  private static final String SEPARATOR = "\0";

  private Cursor() {}

  static String encode(boolean index, String pk, @Nullable AttributeValue indexSk, Key last) {
    String text =
        index
            ? String.join(SEPARATOR, pk, indexSk == null ? "" : indexSk.s(), last.pk(), last.sk())
            : String.join(SEPARATOR, pk, last.sk());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The exclusive start key; refuses a cursor that is damaged or of another list. */
  static Map<String, AttributeValue> startKey(Query query, String cursor) {
    List<String> parts = decode(cursor);
    boolean fits =
        parts.size() == (query.index() ? 4 : 2)
            && parts.stream().noneMatch(String::isEmpty)
            && parts.getFirst().equals(query.pk())
            && query.covers(parts.get(1));
    if (!fits) {
      throw invalid();
    }
    var key = new LinkedHashMap<String, AttributeValue>();
    if (query.index()) {
      key.put(Attribute.INDEX_PK, Attribute.of(parts.get(0)));
      key.put(Attribute.INDEX_SK, Attribute.of(parts.get(1)));
      key.put(Attribute.PK, Attribute.of(parts.get(2)));
      key.put(Attribute.SK, Attribute.of(parts.get(3)));
    } else {
      key.put(Attribute.PK, Attribute.of(parts.get(0)));
      key.put(Attribute.SK, Attribute.of(parts.get(1)));
    }
    return key;
  }

  /** DynamoDB sorts strings by their UTF-8 bytes; String.compareTo does not. */
  static int compareUtf8(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> decode(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
      return List.of(text.split(SEPARATOR, -1));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw invalid();
    }
  }

  private static Problem invalid() {
    return Problem.badRequest("invalid-cursor", "cursor", "is not one that this list returned");
  }
}
