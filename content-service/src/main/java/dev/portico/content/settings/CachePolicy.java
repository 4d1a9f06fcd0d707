package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How responses are cached, on top of RFC 9111: CloudFront's cache policy. Minimum, default and
 * maximum are in this order.
 *
 * @param id its name in this document; in a snapshot a managed policy's id as CloudFront has it
 * @param minTtlSeconds least time that a response is fresh
 * @param defaultTtlSeconds time that a response is fresh whose origin does not say
 * @param maxTtlSeconds most time that a response is fresh
 * @param unsafeMinTtl whether the minimum also holds against private, no-store and no-cache
 * @param headers header fields in the cache key: none or only
 * @param cookies cookies in the cache key
 * @param query query parameters in the cache key
 * @param sortQuery whether the order of query parameters makes no difference
 * @param gzip whether gzip is told apart in Accept-Encoding
 * @param brotli whether br is told apart in Accept-Encoding
 * @param errorTtlSeconds status to the least time that such an error is cached
 * @param viewerDirectives whether a viewer's Cache-Control can bypass or bound the cache
 */
@Serdeable
public record CachePolicy(
    String id,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "0") long minTtlSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) long defaultTtlSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) long maxTtlSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean unsafeMinTtl,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection headers,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection cookies,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) KeySelection query,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean sortQuery,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean gzip,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true") boolean brotli,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) Map<String, Long> errorTtlSeconds,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false")
        boolean viewerDirectives) {
  /** Keeps an unmodifiable copy, in the order of the statuses. */
  public CachePolicy {
    errorTtlSeconds = Collections.unmodifiableMap(new TreeMap<>(errorTtlSeconds));
  }
}
