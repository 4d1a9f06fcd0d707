package dev.portico.content.s3;

import java.time.Instant;

/**
 * What a listing or a HEAD tells of an object.
 *
 * @param key its name
 * @param size in bytes
 * @param modified when it was stored last, by S3's clock
 */
public record ObjectFacts(String key, long size, Instant modified) {}
