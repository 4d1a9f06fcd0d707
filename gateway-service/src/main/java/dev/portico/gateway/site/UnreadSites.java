package dev.portico.gateway.site;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sites that are there but could not be read yet, of which nothing is held: what is asked of them
 * will be answered later. Not for a site that is known, which goes on as it was.
 *
 * <p>Changes must take turns; look-ups need no lock. There are few, so that hosts are searched for.
 */
final class UnreadSites {
  private final Map<String, Set<String>> hostsBySite = new ConcurrentHashMap<>();

  boolean has(String site) {
    return hostsBySite.containsKey(site);
  }

  boolean hasHost(String host) {
    return !hostsBySite.isEmpty()
        && hostsBySite.values().stream().anyMatch(hosts -> hosts.contains(host));
  }

  /** Notes a site; its hosts are kept where they are not known this time. */
  void add(String site, Set<String> hosts) {
    hostsBySite.merge(site, hosts, (before, now) -> now.isEmpty() ? before : now);
  }

  void remove(String site) {
    hostsBySite.remove(site);
  }

  /** Forgets all but these. */
  void retain(Set<String> sites) {
    hostsBySite.keySet().retainAll(sites);
  }
}
