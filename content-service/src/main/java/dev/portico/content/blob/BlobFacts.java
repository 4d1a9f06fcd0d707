package dev.portico.content.blob;

/**
 * What is known of a stored blob.
 *
 * @param digest its identity
 * @param size its length, in bytes
 * @param variantsComplete whether it is settled which compressed variants it has
 */
public record BlobFacts(Digest digest, long size, boolean variantsComplete) {}
