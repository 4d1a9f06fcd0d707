package dev.portico.content.blob;

/**
 * What became of a blob that was sent.
 *
 * @param digest its identity
 * @param size in bytes
 * @param created whether it was not stored before
 */
record StoredBlob(Digest digest, long size, boolean created) {}
