package dev.portico.gateway.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What viewers of a behaviour get in place of an error: CloudFront's custom error response.
 *
 * @param status the error's, 400 to 599
 * @param path the decoded path of a page of the site's deployment; null for the error as it is
 * @param responseStatus what the page is sent with: 200, or that of an error
 * @param cachingMinTtl least time that the error is cached
 */
public record ErrorResponse(
    int status, @Nullable String path, int responseStatus, Duration cachingMinTtl) {}
