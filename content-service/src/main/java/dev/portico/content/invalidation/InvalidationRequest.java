package dev.portico.content.invalidation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be forgotten. At least one path or tag.
 *
 * @param callerReference by which a repeat is told from a new request: 1 to 128 printable ASCII
 *     characters, best a UUID or a build's number
 * @param paths each begins with a slash and has at most 4,000 characters; a {@code *} at its end
 *     stands for any characters; all queries, header fields and cookies of a path go with it
 * @param tags as in the origins' Cache-Tag or Surrogate-Key: 1 to 256 printable ASCII characters
 *     without space and comma
 */
@Serdeable
@JsonIgnoreProperties(ignoreUnknown = false)
@Schema(name = "InvalidationRequest")
record InvalidationRequest(
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String callerReference,
    @Nullable List<String> paths,
    @Nullable List<String> tags) {}
