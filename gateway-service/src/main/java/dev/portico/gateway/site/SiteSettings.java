package dev.portico.gateway.site;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.routing.SimplePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A site's settings as content-service has compiled them. Made once for each snapshot, immutable.
 *
 * @param immutableAssets whether files with a hash in their name may be cached for a year
 * @param files how paths lead to files of the deployment
 * @param rootObject the percent-encoded path that {@code /} leads to; null: to itself
 * @param behaviours what happens to which paths
 * @param origins by id; whatever a behaviour or a failover names is there
 * @param cachePolicies by id; whatever a behaviour names is there, or {@link #lacking}
 * @param requestPolicies what origins get besides what is in the key, by id; the same
 * @param responsePolicies what is done to the header fields of responses, by id; the same
 * @param access who may have what; whatever a behaviour names is there
 * @param sharedPolicies which of the policies here are shared with other sites: id to version
 */
public record SiteSettings(
    boolean immutableAssets,
    FileHandling files,
    @Nullable String rootObject,
    Behaviours behaviours,
    Map<String, HttpOrigin> origins,
    Map<String, CachePolicy> cachePolicies,
    Map<String, OriginRequestPolicy> requestPolicies,
    Map<String, PolicyRules> responsePolicies,
    SiteAccess access,
    Map<String, Long> sharedPolicies) {
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
          Map.of(),
          SiteAccess.OPEN);

  /**
   * What holds for a site whose settings are not understood, or restrict access and name shared
   * policies that are not known yet: nobody may have anything of it.
   */
  static final SiteSettings CLOSED = closed();

  private static SiteSettings closed() {
    AccessPolicy nobody = AccessPolicy.notUnderstood("closed");
    Behaviour all = DEFAULT.behaviours().otherwise().restrictedBy(nobody.id());
    return new SiteSettings(
        false,
        DEFAULT.files(),
        null,
        Behaviours.of(List.of(), all),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        SiteAccess.of(Map.of(nobody.id(), nobody), null, SignIn.NONE, ApiAccess.NONE));
  }

  /** Settings without shared policies, as snapshots have them. */
  public SiteSettings(
      boolean immutableAssets,
      FileHandling files,
      @Nullable String rootObject,
      Behaviours behaviours,
      Map<String, HttpOrigin> origins,
      Map<String, CachePolicy> cachePolicies,
      Map<String, OriginRequestPolicy> requestPolicies,
      Map<String, PolicyRules> responsePolicies,
      SiteAccess access) {
    this(
        immutableAssets,
        files,
        rootObject,
        behaviours,
        origins,
        cachePolicies,
        requestPolicies,
        responsePolicies,
        access,
        Map.of());
  }

  /**
   * Copies the maps.
   *
   * @throws IllegalArgumentException when a behaviour or a failover names an origin or an access
   *     policy that is not there
   */
  public SiteSettings {
    origins = Map.copyOf(origins);
    cachePolicies = Map.copyOf(cachePolicies);
    requestPolicies = Map.copyOf(requestPolicies);
    responsePolicies = Map.copyOf(responsePolicies);
    sharedPolicies = Map.copyOf(sharedPolicies);
    List<Behaviour> all = new ArrayList<>(behaviours.ordered());
    all.add(behaviours.otherwise());
    for (Behaviour each : all) {
      require(each.origin(), origins);
      require(each.accessPolicy(), access.policies());
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

  /**
   * The policies that behaviours name and that are not here: those that sites share, as long as
   * {@link SharedPolicies} has not put them here. Nothing is served by settings that lack any.
   */
  Set<String> lacking() {
    Set<String> lacking = new TreeSet<>();
    behaviours.ordered().forEach(each -> addLacking(each, lacking));
    addLacking(behaviours.otherwise(), lacking);
    return lacking;
  }

  private void addLacking(Behaviour behaviour, Set<String> lacking) {
    addLacking(behaviour.cachePolicy(), cachePolicies, lacking);
    addLacking(behaviour.originRequestPolicy(), requestPolicies, lacking);
    addLacking(behaviour.responseHeadersPolicy(), responsePolicies, lacking);
  }

  private static void addLacking(@Nullable String id, Map<String, ?> there, Set<String> lacking) {
    if (id != null && !there.containsKey(id)) {
      lacking.add(id);
    }
  }

  /** The same with shared policies, by id, in the place of those that it has. */
  SiteSettings with(
      Map<String, CachePolicy> caches,
      Map<String, OriginRequestPolicy> requests,
      Map<String, PolicyRules> responses,
      Map<String, Long> versions) {
    return new SiteSettings(
        immutableAssets,
        files,
        rootObject,
        behaviours,
        origins,
        merged(cachePolicies, caches),
        merged(requestPolicies, requests),
        merged(responsePolicies, responses),
        access,
        versions);
  }

  private static <T> Map<String, T> merged(Map<String, T> own, Map<String, T> shared) {
    Map<String, T> all = new HashMap<>(own);
    all.putAll(shared);
    return all;
  }

  /** Whether there is anything, at hosts of whatever kind, that not everyone may have. */
  boolean restrictsAccess() {
    return access.previews() != null
        || behaviours.otherwise().accessPolicy() != null
        || behaviours.ordered().stream().anyMatch(each -> each.accessPolicy() != null);
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

  /** Who may have what one of these behaviours is about; null for anyone. */
  public @Nullable AccessPolicy accessPolicy(Behaviour behaviour) {
    return behaviour.accessPolicy() == null
        ? null
        : access.policies().get(behaviour.accessPolicy());
  }

  /**
   * All the policies that hold for a request: of the host where it is a preview's, of the
   * behaviour, and of those that its path leads to where servers read it in another way, or {@code
   * /} to the root object.
   *
   * @param behaviour that of the path
   * @param path decoded
   * @param live the site's live settings, where theirs hold besides; null where they do not
   */
  public List<AccessPolicy> accessPolicies(
      Behaviour behaviour, String path, boolean preview, @Nullable SiteSettings live) {
    if (live == null || live.access().policies().isEmpty()) {
      return accessPolicies(behaviour, path, preview);
    }
    List<AccessPolicy> all = new ArrayList<>(accessPolicies(behaviour, path, preview));
    for (AccessPolicy each : live.accessPolicies(live.behaviours().of(path), path, preview)) {
      // The authorizer of an equal one may be another server: its origin is one of its settings.
      if (each.authorizer() != null || !all.contains(each)) {
        all.add(each);
      }
    }
    return all;
  }

  /** Those of these settings alone. */
  public List<AccessPolicy> accessPolicies(Behaviour behaviour, String path, boolean preview) {
    if (access.policies().isEmpty()) {
      return List.of();
    }
    List<AccessPolicy> all = with(List.of(), preview ? access.ofPreviews() : null);
    all = with(all, accessPolicy(behaviour));
    if (SimplePath.mayDiffer(path)) {
      for (String reading : SimplePath.of(path)) {
        all = with(all, accessPolicy(behaviours.of(reading)));
      }
    }
    if (rootObject != null && path.equals("/")) {
      all = with(all, accessPolicy(behaviours.of(Escapes.decode(rootObject))));
    }
    return all;
  }

  /** These and one more, unless it is among them. For nearly all requests there is one or none. */
  // By identity: policies are one object each as long as they hold, and long to compare.
  @SuppressWarnings("ReferenceEquality")
  private static List<AccessPolicy> with(List<AccessPolicy> all, @Nullable AccessPolicy policy) {
    if (policy == null) {
      return all;
    }
    if (all.isEmpty()) {
      return List.of(policy);
    }
    for (AccessPolicy each : all) {
      if (each == policy) {
        return all;
      }
    }
    List<AccessPolicy> more = new ArrayList<>(all);
    more.add(policy);
    return more;
  }

  /**
   * Whether a file may be shown to whoever was let in to another path, as where a rule, a page for
   * an error or a prettier address leads to it: its own path asks for nothing more.
   */
  public boolean shows(String asked, String file) {
    if (access.policies().isEmpty() || asked.equals(file)) {
      return true;
    }
    AccessPolicy policy = accessPolicy(behaviours.of(file));
    return policy == null || accessPolicies(behaviours.of(asked), asked, false).contains(policy);
  }

  /** What one of these behaviours does to header fields of responses; null for nothing. */
  public @Nullable PolicyRules responsePolicy(Behaviour behaviour) {
    String id = behaviour.responseHeadersPolicy();
    return id == null ? null : responsePolicies.get(id);
  }
}
