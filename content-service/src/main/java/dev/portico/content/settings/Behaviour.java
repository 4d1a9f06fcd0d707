package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests whose path matches a pattern.
 *
 * @param pattern CloudFront's path pattern
 * @param origin id of the origin that answers; null: the site's own deployment
 * @param cachePolicy id of a cache policy of this document, or name or id of one of CloudFront's
 *     managed ones; null: RFC 9111 alone
 * @param allowedMethods the methods that are answered
 */
@Serdeable
public record Behaviour(
    String pattern,
    @Nullable String origin,
    @Nullable String cachePolicy,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> allowedMethods) {
  /** Keeps an unmodifiable copy. */
  public Behaviour {
    allowedMethods = List.copyOf(allowedMethods);
  }

  Behaviour withCachePolicy(@Nullable String changed) {
    return new Behaviour(pattern, origin, changed, allowedMethods);
  }
}
