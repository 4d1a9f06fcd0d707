package dev.portico.content.blob;

import java.util.OptionalLong;

/**
 * Blobs known to be stored without asking, because something that is kept refers to them. Whoever
 * relies on it makes sure that this something is still kept at the end.
 */
@FunctionalInterface
public interface HeldBlobs {
  /** Nothing is known. */
  HeldBlobs NONE = digest -> OptionalLong.empty();

  /** The size of the blob in bytes, if it is known to be stored. */
  OptionalLong size(Digest digest);

  /** Whether a blob of exactly this size, in bytes, is known to be stored. */
  default boolean holds(Digest digest, long size) {
    OptionalLong held = size(digest);
    return held.isPresent() && held.getAsLong() == size;
  }
}
