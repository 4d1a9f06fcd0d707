package dev.portico.content.request;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import io.micronaut.http.HttpRequest;
import java.util.Arrays;
import java.util.List;

/**
 * Query parameters of requests that do much, looked at before their bodies are: the framework takes
 * every flag but a few words for false, and what nobody asks for for nothing.
 */
public final class QueryParameters {
  private static final int LONGEST_NAME_SHOWN = 60;

  private QueryParameters() {}

  /**
   * Refuses parameters other than these.
   *
   * @throws Problem 400 naming every other
   */
  public static void requireNoneBut(HttpRequest<?> request, String... names) {
    List<String> known = Arrays.asList(names);
    List<FieldError> unknown =
        request.getParameters().names().stream()
            .filter(name -> !known.contains(name))
            .sorted()
            .map(name -> name.substring(0, Math.min(name.length(), LONGEST_NAME_SHOWN)))
            .map(name -> new FieldError(name, unknown(known)))
            .toList();
    if (unknown.size() == 1) {
      throw Problem.invalid(unknown.getFirst().field(), unknown.getFirst().reason());
    }
    if (!unknown.isEmpty()) {
      throw Problem.invalid(unknown);
    }
  }

  private static String unknown(List<String> known) {
    return "is an unknown parameter"
        + (known.isEmpty() ? "" : "; there are " + String.join(", ", known));
  }

  /**
   * Refuses a flag that is there and neither {@code true} nor {@code false}.
   *
   * @throws Problem 400
   */
  public static void requireFlag(HttpRequest<?> request, String name) {
    List<String> values = request.getParameters().getAll(name);
    boolean right =
        values.isEmpty() || values.equals(List.of("true")) || values.equals(List.of("false"));
    if (!right) {
      throw Problem.invalid(name, "must be true or false");
    }
  }
}
