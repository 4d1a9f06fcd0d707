package dev.portico.gateway.routing;

import org.jspecify.annotations.Nullable;

/** The files of one deployment, by path. */
public interface SiteFiles {
  /** The file at exactly this decoded path, or null. */
  @Nullable SiteFile find(String path);

  /**
   * The {@code 404.html} of the folder in which this path would be, or of the nearest folder above
   * that has one; null when none has.
   */
  @Nullable SiteFile nearestErrorPage(String path);
}
