package dev.portico.content.deployment;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.site.PurgeParticipant;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/** Removes a purged site's deployments, so that whoever takes its name next inherits nothing. */
@Singleton
class DeploymentPurge implements PurgeParticipant {
  private final Table table;
  private final ManifestStore manifests;

  DeploymentPurge(Table table, ManifestStore manifests) {
    this.table = table;
    this.manifests = manifests;
  }

  @Override
  public void purge(String site) {
    try (Stream<Item> deployments = table.stream(Query.of(DeploymentRecord.partition(site)))) {
      deployments.forEach(
          item -> {
            manifests.retire(site, DeploymentRecord.of(item).id());
            table.write(Write.delete(item.key()));
          });
    }
    try (Stream<Item> activations = table.stream(Query.of(Activations.partition(site)))) {
      table.writeAll(activations.<Write>map(item -> Write.delete(item.key())).toList());
    }
  }
}
