package dev.portico.content.deployment.csp;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Why the policy allows something.
 *
 * @param directive that allows it
 * @param source what it allows
 * @param files how many of the files looked at need it
 * @param path one of them
 */
@Serdeable
public record UsedSource(String directive, String source, int files, String path) {}
