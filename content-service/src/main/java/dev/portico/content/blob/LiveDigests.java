package dev.portico.content.blob;

import java.util.function.Consumer;

/**
 * What refers to blobs. Garbage collection asks every bean of this kind for all digests in use and
 * gives up the run when one of them throws.
 */
public interface LiveDigests {

  /**
   * Hands every digest that is referred to at the time of the call to the visitor, at least once:
   * by deployments uploading, sealed, and deleted but still within the grace period.
   */
  void forEach(Consumer<Digest> visitor);
}
