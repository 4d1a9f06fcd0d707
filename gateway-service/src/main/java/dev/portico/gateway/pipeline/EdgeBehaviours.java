package dev.portico.gateway.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does a behaviour with an HTTP origin refer to? What a behaviour refers to is
 * resolved when a site is first asked for after its settings came, and kept as long as they are.
 */
@Singleton
final class EdgeBehaviours {
  // By identity: settings are one object as long as they hold, and large to compare.
  private final Cache<SiteSettings, Resolved> resolved =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  /** What is resolved of one site's settings; holds no reference to them. */
  private record Resolved(
      IdentityHashMap<Behaviour, EdgeBehaviour> live,
      IdentityHashMap<Behaviour, EdgeBehaviour> previews) {}

  /** What a behaviour of a site's settings refers to; null when its deployment answers. */
  @Nullable EdgeBehaviour find(SiteResolution.Routable site, Behaviour behaviour) {
    SiteSettings settings = site.settings();
    if (behaviour.origin() == null) {
      return null;
    }
    Resolved all = resolved.getIfPresent(settings);
    if (all == null) {
      all = resolved.get(settings, missing -> resolve(site.site(), missing));
    }
    return (site.preview() ? all.previews() : all.live()).get(behaviour);
  }

  private static Resolved resolve(String site, SiteSettings settings) {
    return new Resolved(resolve(site, settings, false), resolve(site, settings, true));
  }

  private static IdentityHashMap<Behaviour, EdgeBehaviour> resolve(
      String site, SiteSettings settings, boolean preview) {
    IdentityHashMap<Behaviour, EdgeBehaviour> all = new IdentityHashMap<>();
    List<Behaviour> behaviours = new ArrayList<>(settings.behaviours().ordered());
    behaviours.add(settings.behaviours().otherwise());
    for (Behaviour behaviour : behaviours) {
      HttpOrigin origin = settings.origin(behaviour);
      if (origin != null) {
        HttpOrigin.Failover failover = origin.failover();
        HttpOrigin second = failover == null ? null : settings.origins().get(failover.origin());
        CachePolicy policy = settings.cachePolicy(behaviour);
        all.put(behaviour, new EdgeBehaviour(site, behaviour, origin, second, policy, preview));
      }
    }
    return all;
  }
}
