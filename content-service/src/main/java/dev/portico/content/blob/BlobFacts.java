package dev.portico.content.blob;

/**
 * What is known of a stored blob.
 *
 * @param digest its identity
 * @param size its length, in bytes
 */
public record BlobFacts(Digest digest, long size) {}
