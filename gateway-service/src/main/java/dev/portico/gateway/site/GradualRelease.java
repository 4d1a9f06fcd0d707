package dev.portico.gateway.site;

import org.jspecify.annotations.Nullable;

/**
 * A deployment that a share of a site's viewers gets in place of the live one.
 *
 * @param deployment its id
 * @param percent of the viewers, 1 to 99
 * @param counted the name under which content-service wants to hear what viewers get; null: it does
 *     not
 */
public record GradualRelease(String deployment, int percent, @Nullable String counted) {}
