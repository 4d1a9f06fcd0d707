package dev.portico.gateway.site;

import dev.portico.gateway.response.ImmutableNames;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds assets of deployments that were live until lately. A page that is open in a browser loads
 * parts of its program when they are needed, and breaks if an activation took them away. Only files
 * with a hash of their content in their name: nothing else can be meant by such a name, and what
 * was taken down is gone.
 */
@Singleton
public final class EarlierAssets {
  private final ManifestLoader manifests;
  private final long waitMillis;
  private final Clock clock = Clock.systemUTC();

  EarlierAssets(ManifestLoader manifests, ManifestSettings settings) {
    this.manifests = manifests;
    this.waitMillis = settings.demandWait().toMillis();
  }

  /**
   * Whether other deployments are to be looked at for a path: the site's own files do not have it,
   * and its name has a hash.
   */
  public static boolean asks(SiteResolution.Serving site, String path) {
    return (site.live() != null || !site.earlier().isEmpty())
        && site.files().find(path) == null
        && ImmutableNames.matches(path);
  }

  /**
   * What must be waited for before {@link #files} can tell whether there is a file at a path that
   * {@link #asks}.
   *
   * @return completed normally in any case, some time; null: nothing
   */
  public @Nullable CompletableFuture<?> awaited(SiteResolution.Serving site, String path) {
    if (find(site, path) != null) {
      return null;
    }
    List<CompletableFuture<?>> loads = new ArrayList<>();
    Instant now = clock.instant();
    for (EarlierDeployment each : site.earlier()) {
      DeploymentKey key = new DeploymentKey(site.site(), each.deployment());
      if (each.until().isAfter(now) && manifests.held(key) == null) {
        loads.add(manifests.loadPreview(key));
      }
    }
    return loads.isEmpty()
        ? null
        : CompletableFuture.allOf(loads.toArray(new CompletableFuture<?>[0]))
            .completeOnTimeout(null, waitMillis, TimeUnit.MILLISECONDS);
  }

  /**
   * The site's files, with that of another deployment which a path means that {@link #asks}: then
   * {@link WithAnother}.
   */
  public SiteFiles files(SiteResolution.Serving site, String path) {
    WithAnother found = find(site, path);
    return found == null ? site.files() : found;
  }

  private @Nullable WithAnother find(SiteResolution.Serving site, String path) {
    // Held by the site itself: no need to have it of content-service.
    DeploymentFiles live = site.live();
    WithAnother there = live == null ? null : WithAnother.of(site, live, path);
    if (there != null) {
      return there;
    }
    Instant now = clock.instant();
    for (EarlierDeployment each : site.earlier()) {
      if (each.until().isAfter(now)
          && manifests.held(new DeploymentKey(site.site(), each.deployment()))
              instanceof ManifestAnswer.Files found) {
        WithAnother other = WithAnother.of(site, found.files(), path);
        if (other != null) {
          return other;
        }
      }
    }
    return null;
  }

  /**
   * A deployment's files and one of another's.
   *
   * @param deployment the other one
   */
  public record WithAnother(SiteFiles files, SiteFile asset, String deployment)
      implements SiteFiles {
    static @Nullable WithAnother of(
        SiteResolution.Serving site, DeploymentFiles others, String path) {
      SiteFile file = others.find(path);
      return file == null ? null : new WithAnother(site.files(), file, others.deployment());
    }

    @Override
    public @Nullable SiteFile find(String path) {
      return path.equals(asset.path()) ? asset : files.find(path);
    }

    @Override
    public @Nullable SiteFile nearestErrorPage(String path) {
      return files.nearestErrorPage(path);
    }
  }
}
