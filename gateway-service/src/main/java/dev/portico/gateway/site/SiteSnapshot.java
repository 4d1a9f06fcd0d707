package dev.portico.gateway.site;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What content-service says about a site: deploy/contracts/snapshot.json.
 *
 * @param site the site's name
 * @param version grows with every change of the site
 * @param active whether it is served; false once it is deleted
 * @param hosts its own host names, besides those in the site domain
 * @param deployment id of the deployment that is live; null before the first activation
 * @param release what a share of the viewers gets in place of the live one; null: nothing
 * @param earlier deployments that were live before, whose assets are still found; latest first
 * @param aliases alias to deployment id
 * @param settings what it has been told about paths, origins and caching
 * @param settingsFile the deployment whose portico.yml has a part in them; null: none
 */
record SiteSnapshot(
    String site,
    long version,
    boolean active,
    List<String> hosts,
    @Nullable String deployment,
    @Nullable GradualRelease release,
    List<EarlierDeployment> earlier,
    Map<String, String> aliases,
    SiteSettings settings,
    @Nullable String settingsFile) {
  SiteSnapshot {
    hosts = List.copyOf(hosts);
    earlier = List.copyOf(earlier);
    aliases = Map.copyOf(aliases);
  }

  SiteSnapshot with(SiteSettings changed) {
    return new SiteSnapshot(
        site, version, active, hosts, deployment, release, earlier, aliases, changed, settingsFile);
  }
}
