package dev.portico.gateway.violation;

import org.jspecify.annotations.Nullable;

/**
 * How many reports there were.
 *
 * @param site name of the site
 * @param violation of what; null for others, that are not kept apart
 * @param count how many, from 1
 */
public record ViolationCount(String site, @Nullable Violation violation, long count) {}
