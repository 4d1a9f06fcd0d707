package dev.portico.content.deployment;

import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Table;
import jakarta.inject.Singleton;
import java.util.stream.Stream;

/** The names of all sites, deleted ones included, for work that concerns every site. */
@Singleton
class SiteNames {
  private final Table table;

  SiteNames(Table table) {
    this.table = table;
  }

  Stream<String> all() {
    return table.stream(Query.of("SITES")).map(item -> item.key().sk());
  }
}
