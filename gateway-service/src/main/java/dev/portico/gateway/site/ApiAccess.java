package dev.portico.gateway.site;

import java.util.Set;

/**
 * What a site has of Portico's own API.
 *
 * @param mounted whether the site's own pages call it at the site's hosts
 * @param origins whose pages may call it at its own host, as browsers write them
 */
public record ApiAccess(boolean mounted, Set<String> origins) {
  /** Nothing. */
  public static final ApiAccess NONE = new ApiAccess(false, Set.of());

  /** Keeps an unmodifiable copy. */
  public ApiAccess {
    origins = Set.copyOf(origins);
  }
}
