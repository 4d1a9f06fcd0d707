package dev.portico.gateway.response;

import java.time.Instant;

/**
 * How a site wants its files answered.
 *
 * @param sealedAt when the deployment was sealed; its files' Last-Modified
 * @param immutableAssets whether files with a hash in their name may be cached for a year
 * @param preview whether search engines are to be kept away
 */
public record FilePolicy(Instant sealedAt, boolean immutableAssets, boolean preview) {}
