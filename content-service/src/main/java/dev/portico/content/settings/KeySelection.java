package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;

/**
 * Which names distinguish cached responses.
 *
 * @param mode {@code none}, {@code only} the names, {@code all-except} the names, or {@code all}
 * @param names header fields in lower case, cookies and parameters as written
 */
@Serdeable
public record KeySelection(
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            allowableValues = {"none", "only", "all-except", "all"})
        String mode,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> names) {
  static final String MODE_NONE = "none";
  static final String MODE_ONLY = "only";
  static final String MODE_ALL_EXCEPT = "all-except";
  static final String MODE_ALL = "all";

  static final KeySelection NONE = new KeySelection(MODE_NONE, List.of());
  static final KeySelection ALL = new KeySelection(MODE_ALL, List.of());

  /** Keeps an unmodifiable copy. */
  public KeySelection {
    names = List.copyOf(names);
  }

  static KeySelection only(String... names) {
    return new KeySelection(MODE_ONLY, List.of(names));
  }
}
