package dev.portico.gateway.control;

import dev.portico.gateway.routing.PathPattern;
import java.time.Instant;
import java.util.Collection;

/**
 * Paths of a site that are blocked.
 *
 * @param pattern of the paths
 * @param until when it ends; {@link Instant#MAX}: not by itself
 */
public record BlockedPath(PathPattern pattern, Instant until) {
  /**
   * Whether it holds and has a path. One that names a single place has it with a final slash and
   * without, since servers do not tell these apart.
   *
   * @param readings decoded, all that a server may take the path for
   */
  boolean holds(Collection<String> readings, Instant now) {
    if (!now.isBefore(until)) {
      return false;
    }
    for (String each : readings) {
      if (pattern.matches(each) || (!pattern.open() && pattern.matches(otherSlash(each)))) {
        return true;
      }
    }
    return false;
  }

  private static String otherSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path + '/';
  }
}
