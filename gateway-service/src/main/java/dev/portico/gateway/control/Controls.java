package dev.portico.gateway.control;

import dev.portico.gateway.routing.SimplePath;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is switched on. Immutable; what has an end is asked about with the time.
 *
 * @param version grows with every change; 0: nothing ever was
 * @param addresses that are blocked on the whole platform
 * @param maintenance by site
 * @param paths that are blocked, by site
 */
public record Controls(
    long version,
    AddressBlocks addresses,
    Map<String, Maintenance> maintenance,
    Map<String, List<BlockedPath>> paths) {
  /** Nothing is. */
  public static final Controls NONE = new Controls(0, AddressBlocks.NONE, Map.of(), Map.of());

  /** Keeps unmodifiable copies. */
  public Controls {
    maintenance = Map.copyOf(maintenance);
    Map<String, List<BlockedPath>> copies = new HashMap<>();
    paths.forEach((site, all) -> copies.put(site, List.copyOf(all)));
    paths = Map.copyOf(copies);
  }

  /**
   * Whether a path of a site is blocked. Takes a few steps for each character of the path, of its 8
   * readings at most, and each pattern of the site.
   *
   * @param path decoded
   */
  public boolean blocks(String site, String path, Instant now) {
    List<BlockedPath> blocked = paths.get(site);
    if (blocked == null) {
      return false;
    }
    Set<String> readings = SimplePath.mayDiffer(path) ? SimplePath.of(path) : Set.of(path);
    for (BlockedPath each : blocked) {
      if (each.holds(readings, now)) {
        return true;
      }
    }
    return false;
  }

  /** How many sites show a maintenance page now. */
  public long sitesInMaintenance(Instant now) {
    return maintenance.values().stream().filter(each -> now.isBefore(each.until())).count();
  }

  /** How many patterns of paths are blocked now. */
  public long blockedPaths(Instant now) {
    return paths.values().stream()
        .flatMap(List::stream)
        .filter(each -> now.isBefore(each.until()))
        .count();
  }
}
