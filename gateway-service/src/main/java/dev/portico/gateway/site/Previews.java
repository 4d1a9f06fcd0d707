package dev.portico.gateway.site;

import dev.portico.gateway.site.SiteResolution.Serving;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers: what does the host of a preview come to? Its deployment, with the settings that this
 * would have if it were live, and those that its portico.yml has for previews alone. Where neither
 * it nor the live deployment has such a file, these are the site's.
 */
@Singleton
class Previews {
  static final SiteResolution UNKNOWN = new SiteResolution.Unknown();
  static final SiteResolution UNAVAILABLE = new SiteResolution.Unavailable(Duration.ofSeconds(2));

  private static final Pattern DEPLOYMENT_ID = Pattern.compile("[a-z2-7]{20}");
  private static final String PRODUCTION = "production";
  private static final String SETTINGS_FILE = "/portico.yml";

  private final ManifestLoader manifests;
  private final PreviewSettings settings;
  private final SharedPolicies policies;
  private final long demandWaitMillis;

  Previews(
      ManifestLoader manifests,
      PreviewSettings settings,
      SharedPolicies policies,
      ManifestSettings limits) {
    this.manifests = manifests;
    this.settings = settings;
    this.policies = policies;
    this.demandWaitMillis = limits.demandWait().toMillis();
  }

  /** What is asked for: a deployment of a site, in the context of a host. */
  private record Asked(SiteSnapshot site, String deployment, String context) {
    DeploymentKey key() {
      return new DeploymentKey(site.site(), deployment);
    }

    PreviewSettings.Key settingsKey() {
      return new PreviewSettings.Key(key(), context);
    }
  }

  /**
   * What a preview's host comes to.
   *
   * @param site an active one
   * @param label a deployment's id or an alias
   * @param live the files of the live deployment, if they are held
   */
  SiteResolution resolve(SiteSnapshot site, String label, @Nullable DeploymentFiles live) {
    return resolve(
        site, label, site.aliases().containsKey(label) ? "alias:" + label : "preview", live);
  }

  /** What the same deployment would come to if it were live, but still as a preview. */
  SiteResolution supposing(SiteSnapshot site, String label, @Nullable DeploymentFiles live) {
    return resolve(site, label, PRODUCTION, live);
  }

  private SiteResolution resolve(
      SiteSnapshot site, String label, String context, @Nullable DeploymentFiles live) {
    String aliased = site.aliases().get(label);
    if (aliased == null && !DEPLOYMENT_ID.matcher(label).matches()) {
      return UNKNOWN;
    }
    Asked asked = new Asked(site, aliased == null ? label : aliased, context);
    if (live != null && live.deployment().equals(asked.deployment())) {
      return of(asked, live);
    }
    ManifestAnswer held = manifests.held(asked.key());
    return held == null
        ? loading(
            asked,
            manifests.loadPreview(asked.key()).thenCompose(answer -> whole(of(asked, answer))),
            UNAVAILABLE)
        : of(asked, held);
  }

  private static CompletableFuture<SiteResolution> whole(SiteResolution resolution) {
    return resolution instanceof SiteResolution.Loading loading
        ? loading.outcome()
        : CompletableFuture.completedFuture(resolution);
  }

  /**
   * What will be known.
   *
   * @param late what it comes to when that takes too long
   */
  private SiteResolution loading(
      Asked asked, CompletableFuture<SiteResolution> outcome, SiteResolution late) {
    return new SiteResolution.Loading(
        asked.site().site(),
        asked.site().settings(),
        true,
        outcome.completeOnTimeout(late, demandWaitMillis, TimeUnit.MILLISECONDS));
  }

  private SiteResolution of(Asked asked, ManifestAnswer answer) {
    return switch (answer) {
      case ManifestAnswer.Files found -> of(asked, found.files());
      case ManifestAnswer.Gone gone -> new SiteResolution.Gone(asked.site().site());
      case ManifestAnswer.Unknown unknown -> UNKNOWN;
      case ManifestAnswer.Failed failed -> UNAVAILABLE;
    };
  }

  private SiteResolution of(Asked asked, DeploymentFiles files) {
    SiteSnapshot site = asked.site();
    boolean live =
        asked.context().equals(PRODUCTION) && asked.deployment().equals(site.deployment());
    if (live || (site.settingsFile() == null && files.find(SETTINGS_FILE) == null)) {
      return serving(asked, files, site.settings());
    }
    SettingsAnswer held = settings.held(asked.settingsKey(), site.version());
    boolean strict = site.settings().restrictsAccess();
    return held == null
        ? loading(
            asked,
            settings
                .load(asked.settingsKey(), site.version(), strict)
                .thenApply(answer -> of(asked, files, answer)),
            strict ? UNAVAILABLE : of(asked, files, settings.last(asked.settingsKey())))
        : of(asked, files, held);
  }

  private SiteResolution of(Asked asked, DeploymentFiles files, SettingsAnswer answer) {
    return switch (answer) {
      case SettingsAnswer.Found found -> serving(asked, files, found.settings());
      case SettingsAnswer.None none -> serving(asked, files, asked.site().settings());
      case SettingsAnswer.Refused refused -> UNAVAILABLE;
      case SettingsAnswer.Failed failed -> UNAVAILABLE;
    };
  }

  /** With the shared policies as they are now; nothing is served without them. */
  private SiteResolution serving(Asked asked, DeploymentFiles files, SiteSettings given) {
    SiteSettings settings = policies.resolve(given);
    return settings == null
        ? UNAVAILABLE
        : new Serving(
            asked.site().site(),
            files,
            null,
            null,
            List.of(),
            settings,
            true,
            asked.site().settings());
  }

  /** Begins anew with what content-service says: versions of sites may have gone back. */
  void readAnew() {
    settings.readAnew();
  }
}
