package dev.portico.gateway.routing;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers: which file of a deployment does a path mean? docs/serving.md has the rules as text. */
public final class FileSelector {
  /** Files that tell the gateway what to do; they are read by it and shown to nobody. */
  static final Set<String> CONTROL_FILES = Set.of("/_headers", "/_redirects", "/portico.yml");

  private static final String INDEX = "index.html";
  private static final String PAGE = ".html";
  private static final String OWN_PAGE = "/index";
  private static final String ERROR_PAGE = "/404.html";

  private FileSelector() {}

  /**
   * Selects the file.
   *
   * @param files the deployment
   * @param handling how the site's paths lead to files
   * @param path the decoded path without dot segments, starting with {@code /}
   * @param query the query as sent, kept by a redirect; null when there is none
   */
  public static FileSelection select(
      SiteFiles files, FileHandling handling, String path, @Nullable String query) {
    if (CONTROL_FILES.contains(path)) {
      return new FileSelection.Missing(errorPage(files, handling, path));
    }
    String better = handling.pretty() ? prettier(files, path) : null;
    if (better != null && !better.startsWith("//")) {
      return new FileSelection.Redirect(location(better, query));
    }
    boolean folder = path.endsWith("/");
    SiteFile file = files.find(folder ? path + INDEX : path);
    if (file == null && handling.pretty() && !folder) {
      file = files.find(path + PAGE);
    }
    if (file != null) {
      return new FileSelection.Serve(file);
    }
    // A location that starts with two slashes names another host (RFC 3986, section 4.2).
    if (!folder && !path.startsWith("//") && files.find(path + '/' + INDEX) != null) {
      return new FileSelection.Redirect(location(path + '/', query));
    }
    return new FileSelection.Missing(errorPage(files, handling, path));
  }

  /** The deployment's page for a path without file; null when it has none, or is not to show it. */
  public static @Nullable SiteFile errorPage(SiteFiles files, FileHandling handling, String path) {
    boolean plain = handling.notFound() == FileHandling.NotFound.PLAIN;
    return plain ? null : files.nearestErrorPage(path);
  }

  /**
   * The path at which a page is, when it is another one; null when it is this. What is redirected
   * to is served: nobody goes round in circles.
   */
  private static @Nullable String prettier(SiteFiles files, String path) {
    if (path.endsWith('/' + INDEX)) {
      return files.find(path) == null ? null : path.substring(0, path.length() - INDEX.length());
    }
    if (path.endsWith(OWN_PAGE)) {
      boolean there = files.find(path) == null && files.find(path + PAGE) != null;
      return there ? ofFolder(path) : null;
    }
    if (path.endsWith(PAGE) && !path.endsWith('/' + PAGE) && !path.endsWith(ERROR_PAGE)) {
      String page = path.substring(0, path.length() - PAGE.length());
      return files.find(path) != null && files.find(page) == null ? page : null;
    }
    if (path.endsWith("/") && path.length() > 1 && files.find(path + INDEX) == null) {
      String page = path.substring(0, path.length() - 1);
      boolean there = !page.endsWith("/") && files.find(page) == null;
      return there && files.find(page + PAGE) != null ? ofFolder(page) : null;
    }
    return null;
  }

  /** A page's path without its ending; that of its folder where it is the folder's own page. */
  private static String ofFolder(String page) {
    int end = page.length() - OWN_PAGE.length() + 1;
    return page.endsWith(OWN_PAGE) ? page.substring(0, end) : page;
  }

  /**
   * The page that answers for every path of an application in the browser, where there is neither
   * file nor rule; null when there is none, when the path looks like that of another file, or when
   * there is a page for what is not found, as the site's handling has it.
   */
  public static @Nullable SiteFile application(
      SiteFiles files, FileHandling handling, String path) {
    if (CONTROL_FILES.contains(path)) {
      return null;
    }
    boolean asked =
        switch (handling.notFound()) {
          case SPA -> path.indexOf('.', path.lastIndexOf('/')) < 0;
          case PAGE_OR_SPA -> files.nearestErrorPage(path) == null;
          case PAGE, PLAIN -> false;
        };
    return asked ? files.find('/' + INDEX) : null;
  }

  /** Whether it is a file that tells the gateway what to do. */
  public static boolean isControl(String path) {
    return CONTROL_FILES.contains(path);
  }

  /**
   * The file that a rule leads to: as a path of a request means it, but nobody is redirected.
   *
   * @param handling how the site's paths lead to files
   * @param path decoded, starting with {@code /}
   * @return null when there is none
   */
  public static @Nullable SiteFile target(SiteFiles files, FileHandling handling, String path) {
    if (CONTROL_FILES.contains(path)) {
      return null;
    }
    boolean folder = path.endsWith("/");
    SiteFile file = folder ? null : files.find(path);
    if (file == null && handling.pretty() && !folder) {
      file = files.find(path + PAGE);
    }
    return file != null ? file : files.find((folder ? path : path + '/') + INDEX);
  }

  private static String location(String path, @Nullable String query) {
    StringBuilder location = new StringBuilder(path.length() + 16);
    Escapes.encode(location, path, Escapes.PATH);
    if (query != null) {
      location.append('?');
      Escapes.encode(location, query, Escapes.QUERY);
    }
    return location.toString();
  }
}
