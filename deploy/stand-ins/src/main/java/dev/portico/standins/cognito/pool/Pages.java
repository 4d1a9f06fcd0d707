package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists in pages, as every list operation answers. */
public final class Pages {
  private Pages() {}

  /**
   * One page.
   *
   * @param name the answer's member for the values
   * @param tokenName the answer's member for where the next page begins
   * @param most the most values in a page
   * @param token where this page begins, from the page before
   */
  public static <T> ObjectNode page(
      String name,
      String tokenName,
      List<T> values,
      int most,
      @Nullable String token,
      Function<T, JsonNode> form) {
    int from = start(token, values.size());
    int to = Math.min(values.size(), from + most);
    var answer = Json.object(name, Json.list(values.subList(from, to), form));
    if (to < values.size()) {
      answer.put(tokenName, Integer.toString(to));
    }
    return answer;
  }

  private static int start(@Nullable String token, int size) {
    if (token == null) {
      return 0;
    }
    try {
      return Math.clamp(Integer.parseInt(token), 0, size);
    } catch (NumberFormatException e) {
      throw CognitoException.invalidParameter("Invalid pagination token");
    }
  }
}
