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
 * @param viewerProtocol what happens to requests over clear text: {@code allow-all}, {@code
 *     redirect-to-https}, or {@code https-only}, which refuses them
 * @param cachePolicy id of a cache policy of this document or of a shared one, or name or id of one
 *     of CloudFront's managed ones; null: RFC 9111 alone
 * @param originRequestPolicy id of an origin request policy of this document or of a shared one, or
 *     name or id of one of CloudFront's managed ones; null: the origin gets what is in the key
 * @param responseHeadersPolicy id of a response headers policy of this document or of a shared one,
 *     or name or id of one of CloudFront's managed ones; null: Portico's own headers alone
 * @param accessPolicy id of an access policy of this document; null: anyone
 * @param allowedMethods the methods that are answered
 * @param cachedMethods those of them whose answers are cached
 * @param compress whether what the origin sends plain is compressed
 * @param errorResponses what viewers get in place of errors, and how long errors are cached
 */
@Serdeable
public record Behaviour(
    String pattern,
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
  /** Keeps an unmodifiable copy. */
  public Behaviour {
    allowedMethods = List.copyOf(allowedMethods);
    cachedMethods = List.copyOf(cachedMethods);
    errorResponses = List.copyOf(errorResponses);
  }

  Behaviour withPolicies(
      @Nullable String cache, @Nullable String originRequest, @Nullable String responseHeaders) {
    return new Behaviour(
        pattern,
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
