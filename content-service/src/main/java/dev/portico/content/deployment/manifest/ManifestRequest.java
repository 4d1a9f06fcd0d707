package dev.portico.content.deployment.manifest;

import org.jspecify.annotations.Nullable;

/**
 * What a publisher who knows the digests of the files sends.
 *
 * @param title what the publisher calls the deployment
 * @param revision the source revision it was built from
 * @param manifest its files
 */
public record ManifestRequest(
    @Nullable String title, @Nullable String revision, Manifest manifest) {}
