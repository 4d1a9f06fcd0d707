package dev.portico.content.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.error.Problem;
import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TableIT {
  private static Table table;

  @BeforeAll
  static void start() {
    String name = "table-" + UUID.randomUUID();
    TestEnvironment environment = TestEnvironment.shared();
    environment.createTable(name);
    System.setProperty("aws.region", LocalCredentials.DEFAULT.region());
    System.setProperty("aws.accessKeyId", LocalCredentials.DEFAULT.keyId());
    System.setProperty("aws.secretAccessKey", LocalCredentials.DEFAULT.secret());
    table =
        new TableFactory()
            .table(
                new DynamoDbSettings(
                    name, environment.dynamoDb().endpoint(), 200, Duration.ofSeconds(30)));
  }

  @AfterAll
  static void stop() {
    table.close();
  }

  private static Key fresh() {
    return new Key(UUID.randomUUID().toString(), "SK");
  }

  @Test
  void keepsEveryType() {
    Instant now = Instant.ofEpochMilli(1_800_000_000_123L);
    Item item =
        Item.at(fresh())
            .with("string", "text")
            .with("number", -5)
            .with("flag", true)
            .with("time", now)
            .with("bytes", new byte[] {1, 2})
            .withList("list", List.of("b", "a"))
            .withMap("map", Map.of("k", "v"))
            .indexed("index", "1")
            .expiringAt(now);
    table.write(Write.put(item));
    Item read = table.get(item.key()).orElseThrow();
    assertThat(read).isEqualTo(item);
    assertThat(read.string("string")).isEqualTo("text");
    assertThat(read.number("number")).isEqualTo(-5);
    assertThat(read.flag("flag")).isTrue();
    assertThat(read.flag("other")).isFalse();
    assertThat(read.instant("time")).isEqualTo(now);
    assertThat(read.bytes("bytes")).containsExactly(1, 2);
    assertThat(read.list("list")).containsExactly("b", "a");
    assertThat(read.map("map")).containsExactly(Map.entry("k", "v"));
    assertThat(read.expired(now)).isTrue();
    assertThat(read.expired(now.minusSeconds(2))).isFalse();
    assertThatThrownBy(() -> read.string("other")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void conditionsDecide() {
    Key key = fresh();
    Write.Put create = Write.create(Item.at(key).with("n", 1));
    assertThat(table.write(create).written()).isTrue();
    Outcome again = table.write(create);
    assertThat(again.written()).isFalse();
    assertThat(again.failure(key).orElseThrow().current()).isEqualTo(Item.at(key).with("n", 1));
    assertThat(bump(key, Condition.equal("n", 2)).written()).isFalse();
    assertThat(bump(key, Condition.less("n", 2)).written()).isTrue();
    assertThat(
            bump(key, Condition.and(Condition.greater("n", 1), Condition.absent("gone"))).written())
        .isTrue();
    assertThat(bump(key, Condition.or(Condition.notExists(), Condition.equal("n", 3))).written())
        .isTrue();
    assertThat(bump(key, Condition.exists().negate()).written()).isFalse();
    assertThat(table.get(key).orElseThrow().number("n")).isEqualTo(4);
    assertThat(table.write(Write.delete(key).when(Condition.equal("n", 4))).written()).isTrue();
    assertThat(table.get(key)).isEmpty();
    assertThat(bump(key, Condition.exists()).written()).isFalse();
  }

  private static Outcome bump(Key key, Condition condition) {
    return table.write(Write.update(key).add("n", 1).remove("gone").when(condition));
  }

  @Test
  void aTransactionTellsWhichConditionFailed() {
    Key there = fresh();
    Key missing = fresh();
    Key other = fresh();
    table.write(Write.put(Item.at(there).with("n", 7)));
    Outcome outcome =
        table.transact(
            List.of(
                Write.put(Item.at(other)),
                Write.create(Item.at(there)),
                Write.check(missing, Condition.exists())));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.failure(other)).isEmpty();
    assertThat(outcome.failure(there).orElseThrow().index()).isEqualTo(1);
    assertThat(outcome.failure(there).orElseThrow().current())
        .isEqualTo(Item.at(there).with("n", 7));
    assertThat(outcome.failure(missing).orElseThrow().current()).isNull();
    assertThat(table.get(other)).isEmpty();
  }

  @Test
  void conflictingTransactionsAllHappenInTheEnd() {
    Key counter = fresh();
    var done = new ArrayList<Future<Outcome>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        Key own = fresh();
        done.add(
            executor.submit(
                () ->
                    table.transact(
                        List.of(Write.update(counter).add("n", 1), Write.put(Item.at(own))))));
      }
    }
    assertThat(done).allMatch(each -> each.resultNow().written());
    assertThat(table.get(counter).orElseThrow().number("n")).isEqualTo(30);
  }

  @Test
  void readsAndWritesMany() {
    String pk = UUID.randomUUID().toString();
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 730; i++) {
      items.add(Item.at(pk, "%04d".formatted(i)).with("i", i));
    }
    table.writeAll(items.stream().map(Write::put).toList());
    var keys = new ArrayList<>(items.stream().map(Item::key).toList());
    keys.add(fresh());
    assertThat(table.getAll(keys)).hasSize(730).containsValue(items.get(729));
    assertThat(table.getAll(List.of())).isEmpty();
    assertThat(table.stream(Query.of(pk).limit(100)).toList()).isEqualTo(items);
    table.writeAll(items.stream().map(Item::key).map(Write::delete).toList());
    assertThat(table.stream(Query.of(pk)).toList()).isEmpty();
  }

  @Test
  void queriesRangesAndPages() {
    String pk = UUID.randomUUID().toString();
    for (String sk : List.of("A#1", "B#1", "B#2", "B#\uffee", "B#😀", "C#1")) {
      table.write(Write.put(Item.at(pk, sk).indexed("index-" + pk, sk)));
    }
    assertThat(names(table.query(Query.of(pk).prefix("B#"))))
        .containsExactly("B#1", "B#2", "B#\uffee", "B#😀");
    assertThat(names(table.query(Query.of(pk).prefix("B#").backward().limit(1))))
        .containsExactly("B#😀");
    assertThat(names(table.query(Query.of(pk).between(null, "B#1")))).containsExactly("A#1", "B#1");
    assertThat(names(table.query(Query.of(pk).between("B#😀", null))))
        .containsExactly("B#😀", "C#1");
    Page first = table.query(Query.of(pk).prefix("B#").limit(2));
    assertThat(names(first)).containsExactly("B#1", "B#2");
    Page second = table.query(Query.of(pk).prefix("B#").limit(2).after(first.next()));
    assertThat(names(second)).containsExactly("B#\uffee", "B#😀");
    Page indexed = table.query(Query.ofIndex("index-" + pk).prefix("B#").limit(3));
    assertThat(names(table.query(Query.ofIndex("index-" + pk).prefix("B#").after(indexed.next()))))
        .containsExactly("B#😀");
    assertThatThrownBy(() -> table.query(Query.of("other").after(first.next())))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> table.query(Query.of(pk).prefix("C#").after(first.next())))
        .isInstanceOf(Problem.class);
    assertThatThrownBy(() -> table.query(Query.of(pk).after(indexed.next())))
        .isInstanceOf(Problem.class);
  }

  private static List<String> names(Page page) {
    return page.items().stream().map(item -> item.key().sk()).toList();
  }

  @Test
  void namesAnItemThatIsTooLarge() {
    Item item = Item.at(fresh()).with("text", "x".repeat(Item.MAX_BYTES));
    assertThatThrownBy(() -> table.write(Write.put(item)))
        .isInstanceOf(ItemTooLargeException.class)
        .hasMessageContaining(item.key().pk());
  }
}
