package dev.portico.auth.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * Problem details as sent.
 *
 * @param type stable URI of the kind of problem
 * @param title the same for all problems of a type
 * @param status HTTP status
 * @param detail what happened here
 * @param instance the request id, which the logs carry too
 * @param errors fields at fault
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@Serdeable
public record ProblemBody(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        List<FieldError> errors) {
  /** Where the types are documented. */
  public static final String TYPE_PREFIX = "https://portico.dev/problems/";

  /** The media type (RFC 9457 section 3). */
  public static final String MEDIA_TYPE = "application/problem+json";

  static ProblemBody of(Problem problem, String instance) {
    return new ProblemBody(
        TYPE_PREFIX + problem.slug(),
        problem.title(),
        problem.status(),
        problem.detail(),
        instance,
        problem.errors());
  }
}
