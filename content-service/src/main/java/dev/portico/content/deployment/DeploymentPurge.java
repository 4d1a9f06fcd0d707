package dev.portico.content.deployment;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.site.PurgeParticipant;
import dev.portico.content.site.SettingsFiles;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Removes a purged site's deployments, so that whoever takes its name next inherits nothing. */
@Singleton
class DeploymentPurge implements PurgeParticipant {
  private static final int BATCH = 100;

  private final Table table;
  private final ManifestStore manifests;

  DeploymentPurge(Table table, ManifestStore manifests) {
    this.table = table;
    this.manifests = manifests;
  }

  @Override
  public void purge(String site, Runnable still) {
    try (Stream<Item> deployments = table.stream(Query.of(DeploymentRecord.partition(site)))) {
      deployments.forEach(
          item -> {
            still.run();
            manifests.retire(DeploymentRecord.of(item));
            table.write(Write.delete(item.key()));
          });
    }
    deleteAll(Activations.partition(site), still);
    deleteAll(SettingsFiles.partition(site), still);
  }

  private void deleteAll(String partition, Runnable still) {
    try (Stream<Item> items = table.stream(Query.of(partition))) {
      Iterator<Write> deletes = items.<Write>map(item -> Write.delete(item.key())).iterator();
      while (deletes.hasNext()) {
        still.run();
        List<Write> batch = new ArrayList<>();
        while (deletes.hasNext() && batch.size() < BATCH) {
          batch.add(deletes.next());
        }
        table.writeAll(batch);
      }
    }
  }
}
