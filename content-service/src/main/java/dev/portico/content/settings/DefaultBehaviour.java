package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests whose path no pattern matches.
 *
 * @param origin as of a {@link Behaviour}
 * @param cachePolicy as of a {@link Behaviour}
 * @param allowedMethods as of a {@link Behaviour}
 */
@Serdeable
public record DefaultBehaviour(
    @Nullable String origin,
    @Nullable String cachePolicy,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> allowedMethods) {
  static final List<String> GET_AND_HEAD = List.of("GET", "HEAD");
  static final DefaultBehaviour DEPLOYMENT = new DefaultBehaviour(null, null, GET_AND_HEAD);

  /** Keeps an unmodifiable copy. */
  public DefaultBehaviour {
    allowedMethods = List.copyOf(allowedMethods);
  }

  DefaultBehaviour withCachePolicy(@Nullable String changed) {
    return new DefaultBehaviour(origin, changed, allowedMethods);
  }
}
