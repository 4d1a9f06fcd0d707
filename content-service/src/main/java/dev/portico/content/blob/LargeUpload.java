package dev.portico.content.blob;

import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores one large file as a multipart upload at a key of its own, hashing it on the way. Parts go
 * out in the background, a few at a time, while the next is read.
 */
final class LargeUpload {
  private static final Logger LOG = LoggerFactory.getLogger(LargeUpload.class);
  private static final int PARTS_IN_FLIGHT = 3;

  private final Bucket bucket;
  private final BlobRecords records;
  private final MemoryPool memory;
  private final Tasks tasks;
  private final MessageDigest hash = Digest.sha256();
  private final List<Future<String>> parts = new ArrayList<>();
  private final String key;
  private final String upload;
  private long size;

  LargeUpload(Bucket bucket, BlobRecords records, MemoryPool memory, Tasks tasks) {
    this.bucket = bucket;
    this.records = records;
    this.memory = memory;
    this.tasks = tasks;
    this.key = records.startUpload();
    this.upload = bucket.startUpload(key, BlobKey.TYPE);
  }

  /**
   * Sends a first part and the rest of the stream.
   *
   * @param first a full part, which is given back to the pool
   */
  void send(byte[] first, InputStream rest) throws IOException {
    part(first, first.length);
    while (true) {
      if (parts.size() >= PARTS_IN_FLIGHT) {
        Tasks.await(List.of(parts.get(parts.size() - PARTS_IN_FLIGHT)));
      }
      int next = rest.read();
      if (next < 0) {
        return;
      }
      byte[] buffer = memory.take(MemoryPool.PART);
      int read;
      try {
        read = MemoryPool.fill(buffer, buffer.length, next, rest);
      } catch (IOException | RuntimeException e) {
        memory.give(buffer);
        throw e;
      }
      part(buffer, read);
      if (read < buffer.length) {
        return;
      }
    }
  }

  private void part(byte[] buffer, int length) {
    hash.update(buffer, 0, length);
    size += length;
    int number = parts.size() + 1;
    parts.add(
        tasks.send(
            () -> bucket.uploadPart(key, upload, number, new Bytes(buffer, 0, length)),
            () -> memory.give(buffer)));
  }

  /** The digest of all that was sent; to be asked once, at the end. */
  Digest digest() {
    return Digest.finish(hash);
  }

  /** The number of bytes sent so far. */
  long size() {
    return size;
  }

  /** Makes the object. */
  BlobRecord complete(Digest digest) {
    bucket.completeUpload(key, upload, Tasks.await(parts));
    return BlobRecord.stored(digest, Extent.whole(key, size), records.now());
  }

  /** Gives up, as far as that can be done now; collection removes what is left. */
  void abort() {
    try {
      // Parts on their way must have ended, or they might stay behind.
      Tasks.await(parts);
    } catch (RuntimeException e) {
      LOG.debug("A part of {} failed before the upload was given up", key, e);
    }
    try {
      bucket.abortUpload(key, upload);
      records.dropUpload(key);
    } catch (RuntimeException e) {
      LOG.warn("Could not give up the upload of {}; collection will", key, e);
    }
  }
}
