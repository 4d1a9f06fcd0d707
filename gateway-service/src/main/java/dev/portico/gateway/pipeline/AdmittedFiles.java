package dev.portico.gateway.pipeline;

import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import org.jspecify.annotations.Nullable;

/**
 * The files that may be shown to whoever was let in to a path. Other paths lead to files too, as
 * pages of applications and of errors, by rules, and by prettier addresses: one whose own path asks
 * for more is not there for them.
 */
final class AdmittedFiles implements SiteFiles {
  private final SiteFiles files;
  private final SiteSettings settings;
  private final String asked;

  private AdmittedFiles(SiteFiles files, SiteSettings settings, String asked) {
    this.files = files;
    this.settings = settings;
    this.asked = asked;
  }

  /**
   * Those of these files.
   *
   * @param site whose settings, and for a preview the live ones besides, say what may be shown
   * @param asked the path that was asked for
   */
  static SiteFiles of(SiteFiles files, SiteResolution.Serving site, String asked) {
    SiteFiles own = of(files, site.settings(), asked);
    SiteSettings live = site.besides();
    return live == null ? own : of(own, live, asked);
  }

  private static SiteFiles of(SiteFiles files, SiteSettings settings, String asked) {
    return settings.access().policies().isEmpty()
        ? files
        : new AdmittedFiles(files, settings, asked);
  }

  @Override
  public @Nullable SiteFile find(String path) {
    SiteFile file = files.find(path);
    return file == null || settings.shows(asked, path) ? file : null;
  }

  @Override
  public @Nullable SiteFile nearestErrorPage(String path) {
    SiteFile page = files.nearestErrorPage(path);
    return page == null || settings.shows(asked, page.path()) ? page : null;
  }
}
