package dev.portico.gateway.site;

import dev.portico.gateway.access.rule.AccessPolicy;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a site's settings say of who may have what.
 *
 * @param policies by id; whatever a behaviour names is there
 * @param previews the id of the policy that previews have besides; null: none
 * @param signIn how the sign-in pages look
 * @param api what the site has of Portico's own API
 * @param told names, in lower case, of fields by which origins of the site are told who a request
 *     is from: what a viewer says under these names must reach none of them
 */
public record SiteAccess(
    Map<String, AccessPolicy> policies,
    @Nullable String previews,
    SignIn signIn,
    ApiAccess api,
    Set<String> told) {
  /** Of a site of which anyone may have everything. */
  public static final SiteAccess OPEN = of(Map.of(), null, SignIn.NONE, ApiAccess.NONE);

  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException when there is no policy for previews of that id
   */
  public SiteAccess {
    policies = Map.copyOf(policies);
    told = Set.copyOf(told);
    if (previews != null && !policies.containsKey(previews)) {
      throw new IllegalArgumentException("no access policy \"" + previews + "\" for previews");
    }
  }

  /** The policy of a preview's host, besides those of behaviours; null: none. */
  public @Nullable AccessPolicy ofPreviews() {
    return previews == null ? null : policies.get(previews);
  }

  /**
   * What the settings say, and what follows from it.
   *
   * @throws IllegalArgumentException when there is no policy for previews of that id
   */
  static SiteAccess of(
      Map<String, AccessPolicy> policies, @Nullable String previews, SignIn signIn, ApiAccess api) {
    Set<String> told =
        policies.values().stream()
            .map(AccessPolicy::toldFields)
            .flatMap(Collection::stream)
            .collect(Collectors.toUnmodifiableSet());
    return new SiteAccess(policies, previews, signIn, api, told);
  }
}
