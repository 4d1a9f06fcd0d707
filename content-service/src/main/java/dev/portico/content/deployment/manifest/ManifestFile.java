package dev.portico.content.deployment.manifest;

/**
 * One file of a deployment.
 *
 * @param path absolute, {@code /}-separated, decoded Unicode; see {@link PathRules}
 * @param sha256 SHA-256 of the bytes, 64 lower-case hex digits
 * @param size length in bytes
 * @param type media type as it is sent, with charset for text
 */
public record ManifestFile(String path, String sha256, long size, String type) {}
