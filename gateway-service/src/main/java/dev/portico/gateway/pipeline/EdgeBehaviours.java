package dev.portico.gateway.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.connection.ListenerSettings;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does a behaviour with an HTTP origin refer to? What a behaviour refers to is
 * resolved when a site is first asked for after its settings came, and kept as long as they are.
 */
@Singleton
final class EdgeBehaviours {
  private static final String RULE = "/rule";

  // By identity: settings are one object as long as they hold, and large to compare.
  private final Cache<SiteSettings, Resolved> resolved =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  private final boolean direct;
  private final long largestBody;

  EdgeBehaviours(ListenerSettings listeners) {
    this.direct = listeners.trustedProxies() == 0;
    this.largestBody = listeners.maxBodySize();
  }

  /** What is resolved of one site's settings; holds no reference to them. */
  private record Resolved(
      IdentityHashMap<Behaviour, EdgeBehaviour> live,
      IdentityHashMap<Behaviour, EdgeBehaviour> previews,
      Map<String, EdgeBehaviour> liveProxies,
      Map<String, EdgeBehaviour> previewProxies) {}

  /** What a behaviour of a site's settings refers to; null when its deployment answers. */
  @Nullable EdgeBehaviour find(SiteResolution.Routable site, Behaviour behaviour) {
    if (behaviour.origin() == null) {
      return null;
    }
    Resolved all = resolved(site);
    return (site.preview() ? all.previews() : all.live()).get(behaviour);
  }

  /** How one of a site's origins is asked where a rule of its deployment leads to it. */
  EdgeBehaviour proxy(SiteResolution.Routable site, HttpOrigin origin) {
    Resolved all = resolved(site);
    return Objects.requireNonNull(
        (site.preview() ? all.previewProxies() : all.liveProxies()).get(origin.id()));
  }

  private Resolved resolved(SiteResolution.Routable site) {
    SiteSettings settings = site.settings();
    Resolved all = resolved.getIfPresent(settings);
    return all == null ? resolved.get(settings, missing -> resolve(site.site(), missing)) : all;
  }

  private Resolved resolve(String site, SiteSettings settings) {
    return new Resolved(
        resolve(site, settings, false),
        resolve(site, settings, true),
        proxies(site, settings, false),
        proxies(site, settings, true));
  }

  /** By RFC 9111 alone: a rule names no cache policy. */
  private Map<String, EdgeBehaviour> proxies(String site, SiteSettings settings, boolean preview) {
    OriginFacts facts = new OriginFacts(null, direct, largestBody);
    Map<String, EdgeBehaviour> all = new HashMap<>();
    for (HttpOrigin origin : settings.origins().values()) {
      Behaviour behaviour =
          new Behaviour(PathPattern.ALL, origin.id(), null, Set.of("GET", "HEAD"));
      HttpOrigin second = second(settings, origin);
      // Behaviours ask the same origin in other ways: neither gets what the other was answered.
      String scope = scope(origin, second) + RULE;
      all.put(
          origin.id(),
          new EdgeBehaviour(site, scope, behaviour, origin, second, null, facts, preview));
    }
    return all;
  }

  private static @Nullable HttpOrigin second(SiteSettings settings, HttpOrigin origin) {
    HttpOrigin.Failover failover = origin.failover();
    return failover == null ? null : settings.origins().get(failover.origin());
  }

  private IdentityHashMap<Behaviour, EdgeBehaviour> resolve(
      String site, SiteSettings settings, boolean preview) {
    IdentityHashMap<Behaviour, EdgeBehaviour> all = new IdentityHashMap<>();
    List<Behaviour> behaviours = new ArrayList<>(settings.behaviours().ordered());
    behaviours.add(settings.behaviours().otherwise());
    for (Behaviour behaviour : behaviours) {
      HttpOrigin origin = settings.origin(behaviour);
      if (origin != null) {
        HttpOrigin second = second(settings, origin);
        CachePolicy policy = settings.cachePolicy(behaviour);
        OriginRequestPolicy requests = settings.requestPolicy(behaviour);
        OriginFacts facts = new OriginFacts(requests, direct, largestBody);
        all.put(
            behaviour,
            new EdgeBehaviour(
                site, scope(origin, second), behaviour, origin, second, policy, facts, preview));
      }
    }
    return all;
  }

  /**
   * What keeps the responses of an origin apart from others': who answers. Another server forgets
   * what the old one answered, also where an activation or roll-back changes what an id stands for.
   * The id is the last, so that what is put behind it is not taken for a part of the path.
   */
  private static String scope(HttpOrigin origin, @Nullable HttpOrigin second) {
    String servers = server(origin) + (second == null ? "" : ' ' + server(second));
    return servers + ' ' + origin.id();
  }

  private static String server(HttpOrigin origin) {
    String protocol = origin.tls() ? "https" : "http";
    return protocol + "://" + origin.host() + ':' + origin.port() + origin.pathPrefix();
  }
}
