package dev.portico.gateway.site;

import java.time.Instant;

/**
 * A deployment that was live until lately: pages that are open in browsers ask for its assets.
 *
 * @param deployment its id
 * @param until when they are no longer found
 */
public record EarlierDeployment(String deployment, Instant until) {}
