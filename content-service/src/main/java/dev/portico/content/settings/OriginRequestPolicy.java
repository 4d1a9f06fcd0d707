package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;

/**
 * What origins get of a request besides what is in the cache key, and without its being in there:
 * CloudFront's origin request policy.
 *
 * @param id its name in this document; in a snapshot a managed policy's id as CloudFront has it
 * @param headers header fields of the viewer
 * @param cookies cookies of the viewer
 * @param query query parameters
 * @param viewerFacts what the gateway knows about the viewer, as header fields of these names
 */
@Serdeable
public record OriginRequestPolicy(
    String id,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection headers,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection cookies,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection query,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> viewerFacts) {
  /** Keeps an unmodifiable copy. */
  public OriginRequestPolicy {
    viewerFacts = List.copyOf(viewerFacts);
  }
}
