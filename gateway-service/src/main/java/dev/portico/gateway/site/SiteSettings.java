package dev.portico.gateway.site;

import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A site's settings as content-service has compiled them. Made once for each snapshot, immutable.
 *
 * @param immutableAssets whether files with a hash in their name may be cached for a year
 * @param files how paths lead to files of the deployment
 * @param rootObject the percent-encoded path that {@code /} leads to; null: to itself
 * @param behaviours what happens to which paths
 * @param origins by id; whatever a behaviour or a failover names is there
 * @param cachePolicies by id; whatever a behaviour names is there
 * @param requestPolicies what origins get besides what is in the key, by id; the same
 * @param responsePolicies what is done to the header fields of responses, by id; the same
 */
public record SiteSettings(
    boolean immutableAssets,
    FileHandling files,
    @Nullable String rootObject,
    Behaviours behaviours,
    Map<String, HttpOrigin> origins,
    Map<String, CachePolicy> cachePolicies,
    Map<String, OriginRequestPolicy> requestPolicies,
    Map<String, PolicyRules> responsePolicies) {
  /** What holds for a site whose snapshot says nothing: its deployment answers everything. */
  public static final SiteSettings DEFAULT =
      new SiteSettings(
          true,
          FileHandling.DEFAULT,
          null,
          Behaviours.of(
              List.of(), new Behaviour(PathPattern.ALL, null, null, Set.of("GET", "HEAD"))),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of());

  /**
   * Copies the maps.
   *
   * @throws IllegalArgumentException when a behaviour or a failover names what is not there
   */
  public SiteSettings {
    origins = Map.copyOf(origins);
    cachePolicies = Map.copyOf(cachePolicies);
    requestPolicies = Map.copyOf(requestPolicies);
    responsePolicies = Map.copyOf(responsePolicies);
    List<Behaviour> all = new ArrayList<>(behaviours.ordered());
    all.add(behaviours.otherwise());
    for (Behaviour each : all) {
      require(each.origin(), origins);
      require(each.cachePolicy(), cachePolicies);
      require(each.originRequestPolicy(), requestPolicies);
      require(each.responseHeadersPolicy(), responsePolicies);
    }
    for (HttpOrigin each : origins.values()) {
      HttpOrigin.Failover failover = each.failover();
      require(failover == null ? null : failover.origin(), origins);
    }
  }

  private static void require(@Nullable String id, Map<String, ?> there) {
    if (id != null && !there.containsKey(id)) {
      throw new IllegalArgumentException("settings name \"" + id + "\", which they do not have");
    }
  }

  /** Whether any path is answered by an HTTP origin. */
  public boolean hasOrigins() {
    return behaviours.otherwise().origin() != null
        || behaviours.ordered().stream().anyMatch(each -> each.origin() != null);
  }

  /** The HTTP origin of one of these behaviours; null for the site's own deployment. */
  public @Nullable HttpOrigin origin(Behaviour behaviour) {
    return behaviour.origin() == null ? null : origins.get(behaviour.origin());
  }

  /** The cache policy of one of these behaviours; null for RFC 9111 alone. */
  public @Nullable CachePolicy cachePolicy(Behaviour behaviour) {
    return behaviour.cachePolicy() == null ? null : cachePolicies.get(behaviour.cachePolicy());
  }

  /** What the origin of one of these behaviours gets besides what is in the key; or null. */
  public @Nullable OriginRequestPolicy requestPolicy(Behaviour behaviour) {
    String id = behaviour.originRequestPolicy();
    return id == null ? null : requestPolicies.get(id);
  }

  /** What one of these behaviours does to header fields of responses; null for nothing. */
  public @Nullable PolicyRules responsePolicy(Behaviour behaviour) {
    String id = behaviour.responseHeadersPolicy();
    return id == null ? null : responsePolicies.get(id);
  }
}
