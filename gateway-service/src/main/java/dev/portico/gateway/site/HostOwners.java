package dev.portico.gateway.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which site a host name of its own belongs to. In the table a host has one site; here it may for a
 * while be listed by several, since the snapshots of the sites between which it moves come in any
 * order. All who list it are remembered, so that it goes to one that does when another loses it.
 *
 * <p>Changes must take turns; {@link #owner} needs no lock and takes one look-up.
 */
final class HostOwners {
  // Never empty; the last is the one that began to list the host last.
  private final Map<String, List<String>> sitesByHost = new ConcurrentHashMap<>();

  /** The site that serves a host, null when no known site lists it. */
  @Nullable String owner(String host) {
    List<String> sites = sitesByHost.get(host);
    return sites == null ? null : sites.getLast();
  }

  /**
   * Notes the hosts of a site.
   *
   * @param had those it listed when it was last noted
   * @param has those it lists now. One that it had already may have moved to another site whose
   *     snapshot was quicker, and is not taken back from that
   */
  void changed(String site, Set<String> had, Set<String> has) {
    for (String host : has) {
      if (!had.contains(host)) {
        sitesByHost.compute(host, (key, sites) -> with(sites, site));
      }
    }
    for (String host : had) {
      if (!has.contains(host)) {
        sitesByHost.computeIfPresent(host, (key, sites) -> without(sites, site));
      }
    }
  }

  private static List<String> with(@Nullable List<String> sites, String site) {
    if (sites == null) {
      return List.of(site);
    }
    List<String> more = new ArrayList<>(sites);
    more.add(site);
    return List.copyOf(more);
  }

  private static @Nullable List<String> without(List<String> sites, String site) {
    List<String> fewer = sites.stream().filter(other -> !other.equals(site)).toList();
    return fewer.isEmpty() ? null : fewer;
  }
}
