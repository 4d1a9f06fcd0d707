package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * How paths of a site lead to files of its deployment (docs/serving.md, "Which file").
 *
 * @param pretty whether pages are at paths without {@code .html} and {@code index.html}
 * @param notFound what answers where there is no file: {@code page}, {@code spa} or {@code plain}
 */
@Serdeable
public record FileHandling(
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean pretty,
    @Schema(
            requiredMode = Schema.RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"page", "spa", "plain"})
        String notFound) {
  static final List<String> NOT_FOUND = List.of("page", "spa", "plain");

  /** Files are at their own names, and the nearest 404.html answers where there is none. */
  static final FileHandling DEFAULT = new FileHandling(false, NOT_FOUND.getFirst());

  static FileHandling read(Fields fields) {
    return new FileHandling(fields.flag("pretty", false), fields.word("notFound", NOT_FOUND));
  }
}
