package dev.portico.content.blob;

/**
 * A file that an {@link Ingest} has stored.
 *
 * @param path as given to the ingest
 * @param digest of its bytes
 * @param size in bytes
 */
public record StoredFile(String path, Digest digest, long size) {}
