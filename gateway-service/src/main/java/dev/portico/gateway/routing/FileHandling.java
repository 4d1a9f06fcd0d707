package dev.portico.gateway.routing;

/**
 * How paths of a site lead to files.
 *
 * @param pretty whether pages are at paths without {@code .html} and {@code index.html}
 * @param notFound what answers where there is no file
 */
public record FileHandling(boolean pretty, NotFound notFound) {
  /** Files are at their own names, and the nearest 404.html answers where there is none. */
  public static final FileHandling DEFAULT = new FileHandling(false, NotFound.PAGE);

  /** What answers where there is no file. */
  public enum NotFound {
    /** The nearest {@code 404.html}. */
    PAGE,
    /** {@code /index.html}, but for paths that look like those of other files. */
    SPA,
    /** A page of the gateway's own. */
    PLAIN
  }
}
