package dev.portico.gateway.routing;

/**
 * How paths of a site lead to files.
 *
 * @param pretty whether pages are at paths without {@code .html} and {@code index.html}
 * @param notFound what answers where there is no file
 * @param conventions whose defaults hold besides
 */
public record FileHandling(boolean pretty, NotFound notFound, Conventions conventions) {
  /** Files are at their own names, and the nearest 404.html answers where there is none. */
  public static final FileHandling DEFAULT = new FileHandling(false, NotFound.PAGE);

  /** By Portico's own conventions. */
  public FileHandling(boolean pretty, NotFound notFound) {
    this(pretty, notFound, Conventions.PORTICO);
  }

  /** What answers where there is no file. */
  public enum NotFound {
    /** The nearest {@code 404.html}. */
    PAGE,
    /** {@code /index.html}, but for paths that look like those of other files. */
    SPA,
    /** A page of the gateway's own. */
    PLAIN,
    /** The nearest {@code 404.html}; where there is none, {@code /index.html} for every path. */
    PAGE_OR_SPA
  }
}
