package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A site's settings with every default filled in: as the API shows them and, compiled, as snapshots
 * carry them (deploy/contracts/snapshot.json). docs/settings.md explains each field.
 *
 * @param immutableAssets whether files with a hash in their name are sent as immutable
 * @param origins HTTP servers of the team's own
 * @param cachePolicies how responses of origins are cached
 * @param behaviours what happens to which paths; the first whose pattern matches counts
 * @param defaultBehaviour what happens to paths that no pattern matches
 */
@Serdeable
@Schema(
    name = "SiteSettings",
    description =
        "Settings of a site. In a request, a field that is absent or null has its default")
public record SettingsDocument(
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, defaultValue = "true")
        boolean immutableAssets,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<Origin> origins,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<CachePolicy> cachePolicies,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<Behaviour> behaviours,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) DefaultBehaviour defaultBehaviour) {
  /** Keeps unmodifiable copies. */
  public SettingsDocument {
    origins = List.copyOf(origins);
    cachePolicies = List.copyOf(cachePolicies);
    behaviours = List.copyOf(behaviours);
  }

  /** The settings of a site that was never given any, but for this one. */
  public static SettingsDocument defaults(boolean immutableAssets) {
    return new SettingsDocument(
        immutableAssets, List.of(), List.of(), List.of(), DefaultBehaviour.DEPLOYMENT);
  }

  SettingsDocument withOrigins(List<Origin> changed) {
    return new SettingsDocument(
        immutableAssets, changed, cachePolicies, behaviours, defaultBehaviour);
  }
}
