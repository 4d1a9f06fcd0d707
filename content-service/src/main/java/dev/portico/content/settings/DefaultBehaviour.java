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
 * @param viewerProtocol as of a {@link Behaviour}
 * @param cachePolicy as of a {@link Behaviour}
 * @param originRequestPolicy as of a {@link Behaviour}
 * @param responseHeadersPolicy as of a {@link Behaviour}
 * @param accessPolicy as of a {@link Behaviour}
 * @param allowedMethods as of a {@link Behaviour}
 * @param cachedMethods as of a {@link Behaviour}
 * @param compress as of a {@link Behaviour}
 * @param errorResponses as of a {@link Behaviour}
 */
@Serdeable
public record DefaultBehaviour(
    @Nullable String origin,
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            type = "string",
            defaultValue = "allow-all",
            allowableValues = {"allow-all", "redirect-to-https", "https-only"})
        String viewerProtocol,
    @Nullable String cachePolicy,
    @Nullable String originRequestPolicy,
    @Nullable String responseHeadersPolicy,
    @Nullable String accessPolicy,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> allowedMethods,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> cachedMethods,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean compress,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<CustomErrorResponse> errorResponses) {
  static final List<String> GET_AND_HEAD = List.of("GET", "HEAD");
  static final String ALLOW_ALL = "allow-all";
  static final DefaultBehaviour DEPLOYMENT =
      new DefaultBehaviour(
          null, ALLOW_ALL, null, null, null, null, GET_AND_HEAD, GET_AND_HEAD, false, List.of());

  /** Keeps an unmodifiable copy. */
  public DefaultBehaviour {
    allowedMethods = List.copyOf(allowedMethods);
    cachedMethods = List.copyOf(cachedMethods);
    errorResponses = List.copyOf(errorResponses);
  }

  DefaultBehaviour withPolicies(
      @Nullable String cache, @Nullable String originRequest, @Nullable String responseHeaders) {
    return new DefaultBehaviour(
        origin,
        viewerProtocol,
        cache,
        originRequest,
        responseHeaders,
        accessPolicy,
        allowedMethods,
        cachedMethods,
        compress,
        errorResponses);
  }
}
