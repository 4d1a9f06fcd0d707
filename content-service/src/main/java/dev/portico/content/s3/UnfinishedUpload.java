package dev.portico.content.s3;

import java.time.Instant;

/**
 * A multipart upload that was neither completed nor aborted.
 *
 * @param key the object it would make
 * @param uploadId S3's name of the upload
 * @param started when it was started, by S3's clock
 */
public record UnfinishedUpload(String key, String uploadId, Instant started) {}
