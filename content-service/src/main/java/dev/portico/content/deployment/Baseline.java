package dev.portico.content.deployment;

import dev.portico.content.blob.HeldBlobs;
import org.jspecify.annotations.Nullable;

/**
 * The deployment that a site shows while another is published. A sealed deployment never loses a
 * blob, so what the two have in common, mostly nearly all, need not be looked up one by one; that
 * the baseline is still sealed is a condition of sealing what was published against it.
 *
 * @param deployment null when the site shows none
 * @param held its blobs
 */
record Baseline(@Nullable DeploymentRecord deployment, HeldBlobs held) {
  static final Baseline NONE = new Baseline(null, HeldBlobs.NONE);

  /** What may be relied on when publishing this deployment: nothing of its own earlier life. */
  Baseline publishing(String id) {
    return deployment != null && deployment.id().equals(id) ? NONE : this;
  }
}
