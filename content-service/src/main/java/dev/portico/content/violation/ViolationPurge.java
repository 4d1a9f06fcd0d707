package dev.portico.content.violation;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.site.PurgeParticipant;
import jakarta.inject.Singleton;
import java.util.List;

/** Removes a purged site's counts, so that whoever takes its name next does not see them. */
@Singleton
class ViolationPurge implements PurgeParticipant {
  private static final int BATCH = 100;

  private final Table table;

  ViolationPurge(Table table) {
    this.table = table;
  }

  @Override
  public void purge(String site, Runnable still) {
    Query some = Query.of(Violations.partition(site)).limit(BATCH);
    for (List<Item> items = table.query(some).items();
        !items.isEmpty();
        items = table.query(some).items()) {
      still.run();
      table.writeAll(items.stream().<Write>map(item -> Write.delete(item.key())).toList());
    }
  }
}
