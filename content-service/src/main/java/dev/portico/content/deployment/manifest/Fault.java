package dev.portico.content.deployment.manifest;

/**
 * One thing wrong with a manifest.
 *
 * @param field where, e.g. {@code files[3].path}
 * @param reason what, in words for the publisher
 */
public record Fault(String field, String reason) {}
