package dev.portico.gateway.site;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment that was live until lately: pages that are open in browsers ask for its assets.
 *
 * @param deployment its id
 * @param until when they are no longer found
 */
public record EarlierDeployment(String deployment, Instant until) {
  /** With one that viewers have still, before all others: as long as they have it. */
  static List<EarlierDeployment> with(String deployment, List<EarlierDeployment> earlier) {
    List<EarlierDeployment> all = new ArrayList<>();
    all.add(new EarlierDeployment(deployment, Instant.MAX));
    all.addAll(earlier);
    return all;
  }
}
