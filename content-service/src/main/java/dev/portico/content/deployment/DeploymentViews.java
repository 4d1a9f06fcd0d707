package dev.portico.content.deployment;

import dev.portico.content.deployment.Aliases.Alias;
import dev.portico.content.deployment.DeploymentView.AliasView;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.site.SiteSettings;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Shows deployments as the API does. */
@Singleton
class DeploymentViews {
  private final Aliases aliases;
  private final SiteSettings settings;
  private final Clock clock;

  DeploymentViews(Aliases aliases, SiteSettings settings, Clock clock) {
    this.aliases = aliases;
    this.settings = settings;
    this.clock = clock;
  }

  /** One deployment. */
  DeploymentView view(Item site, DeploymentRecord record) {
    return view(site, record, aliases.byDeployment(record.site()));
  }

  /** Several of one site. */
  List<DeploymentView> views(Item site, String name, List<DeploymentRecord> records) {
    Map<String, List<String>> names = aliases.byDeployment(name);
    return records.stream().map(record -> view(site, record, names)).toList();
  }

  /** An alias. */
  AliasView view(String site, Alias alias) {
    return new AliasView(
        alias.name(),
        alias.deployment(),
        settings.previewUrl(site, alias.name()),
        alias.at(),
        alias.by());
  }

  private DeploymentView view(Item site, DeploymentRecord record, Map<String, List<String>> names) {
    String state =
        record.uploading(clock.instant())
            ? DeploymentState.UPLOADING.text()
            : record.state().text();
    return new DeploymentView(
        record.id(),
        record.site(),
        state,
        record.title(),
        record.revision(),
        record.author(),
        record.createdAt(),
        record.sealedAt(),
        record.files(),
        record.bytes(),
        record.newBlobs(),
        record.newBytes(),
        site.optionalString("deployment").filter(record.id()::equals).isPresent(),
        settings.siteUrl(record.site()),
        settings.previewUrl(record.site(), record.id()),
        names.getOrDefault(record.id(), List.of()));
  }
}
