package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What viewers of a behaviour get in place of an error, and how long the error is cached:
 * CloudFront's custom error response.
 *
 * @param status of the error, one of CloudFront's
 * @param path of a page of the site's deployment, percent-encoded; null: the error as it is
 * @param responseStatus what the page is sent with: 200, or one of CloudFront's errors
 * @param cachingMinTtlSeconds least time that the error is cached where there is a cache policy
 */
@Serdeable
public record CustomErrorResponse(
    int status,
    @Nullable String path,
    @Schema(
            requiredMode = RequiredMode.NOT_REQUIRED,
            description = "Absent: the status of the error")
        int responseStatus,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "10")
        long cachingMinTtlSeconds) {
  /** CloudFront's list. */
  static final List<Integer> STATUSES =
      List.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504);

  static final int OK = 200;

  /** CloudFront's. */
  static final long CACHING_MIN_TTL = 10;
}
