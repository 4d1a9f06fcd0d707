package dev.portico.gateway.pipeline;

import dev.portico.gateway.observe.ReadinessCondition;
import dev.portico.gateway.site.ChangeFeedFollower;
import jakarta.inject.Singleton;

/** Viewers may come once all sites have been read: before, every host would seem unknown. */
@Singleton
final class SitesKnown implements ReadinessCondition {
  private final ChangeFeedFollower follower;

  SitesKnown(ChangeFeedFollower follower) {
    this.follower = follower;
  }

  @Override
  public boolean ready() {
    return follower.ready();
  }
}
