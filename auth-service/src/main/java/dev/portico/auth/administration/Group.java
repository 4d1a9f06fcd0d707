package dev.portico.auth.administration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of the pool, with Cognito's limits on each field.
 *
 * @param name letters, digits and signs without a slash, 1 to 128
 * @param description for administrators
 * @param precedence the order among groups, lower first
 */
@Serdeable
@JsonIgnoreProperties(ignoreUnknown = false)
@Schema(name = "Group")
public record Group(
    @NotBlank
        @Size(max = 128)
        @Pattern(regexp = "[^/\\s]+", message = "must be letters, digits and signs without a slash")
        String name,
    @Nullable @Size(max = 2048) String description,
    @Nullable @Min(0) Integer precedence) {
  /** A page of groups. */
  @Serdeable
  @Schema(name = "GroupPage")
  record Page(List<Group> items, @Nullable String next) {}
}
