package dev.portico.content.site;

import java.util.Optional;

/** Finds deployments by what callers of the API call them; of the feature that keeps them. */
public interface SealedByName {
  /**
   * The id of a deployment that can be shown; empty when there is none.
   *
   * @param name its id, or an alias that points to it
   */
  Optional<String> find(String site, String name);
}
