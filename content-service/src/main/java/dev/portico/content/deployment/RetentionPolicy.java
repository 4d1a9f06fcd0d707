package dev.portico.content.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which deployments of a site may go: neither live, nor aliased, nor among the last activated, and
 * last published long enough ago. Pure.
 *
 * @param kept the deployments that may not go whatever their age
 * @param keepPreviews how long others are kept after they were last published
 */
record RetentionPolicy(Set<String> kept, Duration keepPreviews) {

  /**
   * Decides for a site as it is now.
   *
   * @param newestFirst the deployments in the order of their activations, the latest first, with
   *     repetitions
   * @param keepActivated how many different ones of these are kept
   */
  static RetentionPolicy of(
      Collection<String> liveAndAliased,
      Stream<String> newestFirst,
      int keepActivated,
      Duration keepPreviews) {
    Set<String> kept = new HashSet<>(liveAndAliased);
    newestFirst.distinct().limit(keepActivated).forEach(kept::add);
    return new RetentionPolicy(Set.copyOf(kept), keepPreviews);
  }

  /** Whether a deployment may go. */
  boolean lets(DeploymentRecord deployment, Instant now) {
    Instant sealedAt =
        deployment.publishedAt() == null ? deployment.sealedAt() : deployment.publishedAt();
    return deployment.state() == DeploymentState.SEALED
        && sealedAt != null
        && sealedAt.plus(keepPreviews).isBefore(now)
        && !kept.contains(deployment.id());
  }
}
