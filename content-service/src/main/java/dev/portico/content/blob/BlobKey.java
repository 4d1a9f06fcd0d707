package dev.portico.content.blob;

import java.util.UUID;

/**
 * Where in the bucket blobs are. Every key is fresh: nothing was ever stored there before, and
 * nothing ever will be again. So whoever deletes an object late can only delete that object.
 */
final class BlobKey {
  /** Objects that hold many small blobs, or variants ({@link Pack}). */
  static final String PACKS = "blobs/packs/";

  /** Blobs that arrived large, each an object of its own. */
  static final String UPLOADED = "blobs/uploaded/";

  /** The media type of all of them. */
  static final String TYPE = "application/octet-stream";

  private static final int UUID_LENGTH = 36;

  private BlobKey() {}

  /** A key for a pack. */
  static String freshPack() {
    return PACKS + UUID.randomUUID();
  }

  /** A key for a large blob. */
  static String freshUpload() {
    return UPLOADED + UUID.randomUUID();
  }

  /** The unique part of a key. */
  static String id(String key) {
    int start = (key.startsWith(PACKS) ? PACKS : UPLOADED).length();
    return key.substring(start, Math.min(key.length(), start + UUID_LENGTH));
  }
}
