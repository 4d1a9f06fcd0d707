package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A site's settings with every default filled in: as the API shows them and, compiled, as snapshots
 * carry them (deploy/contracts/snapshot.json). docs/settings.md explains each field.
 *
 * @param immutableAssets whether files with a hash in their name are sent as immutable
 * @param earlierAssetsSeconds how long files with a hash in their name are found after another
 *     deployment took the place of theirs
 * @param files how paths lead to files of the deployment
 * @param defaultRootObject what {@code /} leads to, without a slash before it; null: nothing else
 * @param origins HTTP servers of the team's own
 * @param cachePolicies how responses of origins are cached
 * @param originRequestPolicies what origins get of requests besides what is in the cache key
 * @param responseHeadersPolicies what gateways do to the header fields of responses
 * @param behaviours what happens to which paths; the first whose pattern matches counts
 * @param defaultBehaviour what happens to paths that no pattern matches
 * @param api what the site's pages, and those of other origins, have of Portico's own API
 * @param accessPolicies who may have what behaviours name them
 * @param previewAccess id of an access policy that hosts of previews and aliases have besides;
 *     null: none
 * @param publicKeys by which signatures of requests are checked
 * @param keyGroups which of them belong together
 * @param signIn how the sign-in pages look
 * @param deploymentSettings what a deployment's portico.yml may settle
 */
@Serdeable
@Schema(
    name = "SiteSettings",
    description =
        "Settings of a site. In a request, a field that is absent or null has its default")
public record SettingsDocument(
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) boolean immutableAssets,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, defaultValue = "86400")
        long earlierAssetsSeconds,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) FileHandling files,
    @Nullable String defaultRootObject,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<Origin> origins,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<CachePolicy> cachePolicies,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        List<OriginRequestPolicy> originRequestPolicies,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        List<ResponseHeadersPolicy> responseHeadersPolicies,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<Behaviour> behaviours,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) DefaultBehaviour defaultBehaviour,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) ApiAccess api,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<AccessPolicy> accessPolicies,
    @Nullable String previewAccess,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<AccessKey> publicKeys,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) List<AccessKeyGroup> keyGroups,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED) SignIn signIn,
    @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED)
        DeploymentSettings deploymentSettings) {
  static final long EARLIER_ASSETS_SECONDS = 86_400;

  /** Greatest {@code earlierAssetsSeconds}: a week. */
  public static final long MOST_EARLIER_ASSETS_SECONDS = 604_800;

  /** Keeps unmodifiable copies. */
  public SettingsDocument {
    origins = List.copyOf(origins);
    cachePolicies = List.copyOf(cachePolicies);
    originRequestPolicies = List.copyOf(originRequestPolicies);
    responseHeadersPolicies = List.copyOf(responseHeadersPolicies);
    behaviours = List.copyOf(behaviours);
    accessPolicies = List.copyOf(accessPolicies);
    publicKeys = List.copyOf(publicKeys);
    keyGroups = List.copyOf(keyGroups);
  }

  /** The settings of a site that was never given any, but for this one. */
  public static SettingsDocument defaults(boolean immutableAssets) {
    return new SettingsDocument(
        immutableAssets,
        EARLIER_ASSETS_SECONDS,
        FileHandling.DEFAULT,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        DefaultBehaviour.DEPLOYMENT,
        ApiAccess.NONE,
        List.of(),
        null,
        List.of(),
        List.of(),
        SignIn.NONE,
        DeploymentSettings.ALL);
  }

  SettingsDocument withOrigins(List<Origin> changed) {
    return new SettingsDocument(
        immutableAssets,
        earlierAssetsSeconds,
        files,
        defaultRootObject,
        changed,
        cachePolicies,
        originRequestPolicies,
        responseHeadersPolicies,
        behaviours,
        defaultBehaviour,
        api,
        accessPolicies,
        previewAccess,
        publicKeys,
        keyGroups,
        signIn,
        deploymentSettings);
  }

  SettingsDocument withAccessPolicies(List<AccessPolicy> changed) {
    return new SettingsDocument(
        immutableAssets,
        earlierAssetsSeconds,
        files,
        defaultRootObject,
        origins,
        cachePolicies,
        originRequestPolicies,
        responseHeadersPolicies,
        behaviours,
        defaultBehaviour,
        api,
        changed,
        previewAccess,
        publicKeys,
        keyGroups,
        signIn,
        deploymentSettings);
  }

  /** Whether there is any path or host, of whatever kind, that not everyone may have. */
  public boolean restrictsAccess() {
    return previewAccess != null
        || defaultBehaviour.accessPolicy() != null
        || behaviours.stream().anyMatch(each -> each.accessPolicy() != null);
  }

  /** The Cognito groups by which it is decided, for any path or host, who may have it. */
  Set<String> namedGroups() {
    return accessPolicies.stream()
        .filter(policy -> isUsed(policy.id()))
        .flatMap(policy -> policy.namedGroups().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isUsed(String accessPolicy) {
    return accessPolicy.equals(previewAccess)
        || accessPolicy.equals(defaultBehaviour.accessPolicy())
        || behaviours.stream().anyMatch(each -> accessPolicy.equals(each.accessPolicy()));
  }

  /** The names of the fields, in order, in which two documents differ. */
  static Set<String> differences(SettingsDocument one, SettingsDocument other) {
    Set<String> differing = new TreeSet<>();
    for (RecordComponent field : SettingsDocument.class.getRecordComponents()) {
      try {
        Object ones = field.getAccessor().invoke(one);
        if (!Objects.equals(ones, field.getAccessor().invoke(other))) {
          differing.add(field.getName());
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record's own field cannot be read", e);
      }
    }
    return differing;
  }
}
