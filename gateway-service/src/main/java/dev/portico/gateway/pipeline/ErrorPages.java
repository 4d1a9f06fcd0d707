package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.ErrorPage;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.AcceptedTypes;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.site.GradualRelease;
import dev.portico.gateway.site.SiteDirectory;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import jakarta.inject.Singleton;

/**
 * The pages of their own that teams show in place of errors: files of the site's deployment,
 * whichever behaviour their paths have. So they are published and rolled back with the rest, do not
 * fail together with an origin, and lead to no further error page.
 */
@Singleton
final class ErrorPages {
  private final SiteDirectory sites;
  private final FileServing files;

  ErrorPages(SiteDirectory sites, FileServing files) {
    this.sites = sites;
    this.files = files;
  }

  /** What comes of an error. */
  sealed interface Found {}

  /**
   * A page is shown in its place.
   *
   * @param site whose deployment it is of
   * @param file what is shown
   * @param status what it is sent with
   */
  record Page(SiteResolution.Serving site, SiteFile file, int status) implements Found {}

  /** It is left as it is. */
  enum NoPage implements Found {
    /** The site says none for this status. */
    UNSAID,
    /** There is no deployment, or its files are not known. */
    NO_DEPLOYMENT,
    /** The deployment has none, or none that may be shown at this path. */
    MISSING,
    /** It is not open to everybody, and nobody has asked who this is. */
    NOT_OPEN,
    /** The viewer does not take it. */
    NOT_ACCEPTED
  }

  /**
   * Whether an error may be shown by a page. Who changes something is told by the origin's own
   * words what came of it: a page with 200 would say that it was done. Who asks for another
   * protocol reads no pages.
   */
  private static boolean mayShow(ViewerExchange exchange, ErrorResponses errors) {
    ViewerRequest request = exchange.request();
    return errors.hasPages()
        && (request.method().equals("GET") || request.head())
        && request.upgrade() == null;
  }

  /** The exchange that later stages answer, so that errors are replaced where the site wants it. */
  ViewerExchange around(ViewerExchange exchange, Behaviour behaviour, SiteResolution site) {
    return mayShow(exchange, behaviour.errors())
        ? new ErrorPageExchange(exchange, behaviour.errors(), this, site, true)
        : exchange;
  }

  /**
   * The same for a viewer of whom nobody has asked yet what they may have, with pages of another's:
   * only one that is open to everybody is shown.
   */
  ViewerExchange aroundForAnybody(
      ViewerExchange exchange, ErrorResponses errors, SiteResolution site) {
    return mayShow(exchange, errors)
        ? new ErrorPageExchange(exchange, errors, this, site, false)
        : exchange;
  }

  /**
   * What is shown in place of an error.
   *
   * @param decided whether these are the files of this viewer, though a release be under way
   * @param admitted whether the viewer was let in to the path that is asked for; else nothing is
   *     shown but what is open to everybody
   */
  Found find(
      ViewerExchange exchange,
      ErrorResponse response,
      SiteResolution site,
      boolean decided,
      boolean admitted) {
    String path = response.path();
    if (path == null) {
      return NoPage.UNSAID;
    }
    if (!(site instanceof SiteResolution.Serving serving)) {
      return NoPage.NO_DEPLOYMENT;
    }
    SiteResolution.Serving own = decided ? serving : ofViewer(exchange, serving);
    SiteFile file = FileServing.page(own, path, admitted ? exchange.request().path() : path);
    if (file == null) {
      return NoPage.MISSING;
    }
    if (!admitted && !(open(own, path) && open(own, file.path()))) {
      return NoPage.NOT_OPEN;
    }
    return admits(exchange.request(), file.type())
        ? new Page(own, file, response.responseStatus())
        : NoPage.NOT_ACCEPTED;
  }

  /** Whether everybody may have what is at a path, by the settings that hold for these files. */
  private static boolean open(SiteResolution.Serving site, String path) {
    SiteSettings settings = site.settings();
    Behaviour behaviour = settings.behaviours().of(path);
    return settings.accessPolicies(behaviour, path, site.preview(), site.besides()).isEmpty();
  }

  private SiteResolution.Serving ofViewer(ViewerExchange exchange, SiteResolution.Serving live) {
    GradualRelease release = live.release();
    boolean released = release != null && ReleaseShare.has(exchange, release);
    return released && sites.released(live) instanceof SiteResolution.Serving other ? other : live;
  }

  /**
   * Whether the viewer takes a page: programs that ask for JSON are not given HTML, though they
   * take anything in need.
   */
  private static boolean admits(ViewerRequest request, String type) {
    String accept = request.headers().joined("accept");
    return AcceptedTypes.admit(accept, type)
        && (accept == null || AcceptedTypes.name(accept, type) || !ErrorPage.isOfProgram(accept));
  }

  void send(ViewerExchange exchange, Page page) {
    ErrorReplies.guarded(
        exchange, () -> files.page(exchange, page.site(), page.file(), page.status()));
  }
}
