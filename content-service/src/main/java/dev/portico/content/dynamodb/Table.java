package dev.portico.content.dynamodb;

import dev.portico.content.error.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * The table. Calls block and are meant for virtual threads. All reads are strongly consistent,
 * except queries of the index. There is no scan.
 *
 * <p>Network failures and throttling are retried by the SDK and then thrown as its exceptions; what
 * conditions decide is returned as an {@link Outcome}.
 */
public final class Table implements AutoCloseable {
  /** Most writes in one transaction (DynamoDB's limit). */
  public static final int MAX_TRANSACTION = 100;

  private final DynamoDbClient client;
  private final String name;
  private final Batches batches;

  Table(DynamoDbClient client, String name) {
    this.client = client;
    this.name = name;
    this.batches = new Batches(client, name);
  }

  /** Reads one item. */
  public Optional<Item> get(Key key) {
    var found =
        client.getItem(it -> it.tableName(name).key(Requests.key(key)).consistentRead(true));
    return found.hasItem() && !found.item().isEmpty()
        ? Optional.of(Item.of(found.item()))
        : Optional.empty();
  }

  /** Reads many items, in parallel batches; those that do not exist are not in the answer. */
  public Map<Key, Item> getAll(Collection<Key> keys) {
    return batches.get(new LinkedHashSet<>(keys));
  }

  /**
   * Reads a page.
   *
   * @throws Problem 400 when the cursor is not of this list
   */
  public Page query(Query query) {
    var items = new ArrayList<Item>();
    @Nullable Map<String, AttributeValue> start =
        query.cursor() == null ? null : Cursor.startKey(query, query.cursor());
    do {
      QueryResponse response = client.query(request(query, query.limit() - items.size(), start));
      response.items().forEach(item -> items.add(Item.of(item)));
      start = response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : null;
    } while (start != null && !start.isEmpty() && items.size() < query.limit());
    boolean more = start != null && !start.isEmpty() && !items.isEmpty();
    return new Page(items, more ? query.cursorAfter(items.getLast()) : null);
  }

  /** Reads all of a query lazily, page after page of the query's limit. */
  public Stream<Item> stream(Query query) {
    return Stream.iterate(
            query(query),
            java.util.Objects::nonNull,
            page -> page.next() == null ? lastPage() : query(query.after(page.next())))
        .flatMap(page -> page.items().stream());
  }

  /** Makes one write. */
  public Outcome write(Write write) {
    var retries = new Retries();
    while (true) {
      try {
        switch (write) {
          case Write.Put put -> client.putItem(Requests.put(name, put));
          case Write.Update update -> client.updateItem(Requests.update(name, update));
          case Write.Delete delete -> client.deleteItem(Requests.delete(name, delete));
          case Write.Check check -> {
            return transact(List.of(check));
          }
        }
        return new Outcome.Written();
      } catch (ConditionalCheckFailedException e) {
        return new Outcome.Refused(
            List.of(new Outcome.Failure(0, write.key(), e.hasItem() ? item(e.item()) : null)));
      } catch (TransactionConflictException e) {
        retries.pause();
      }
    }
  }

  /**
   * Makes all writes or none (TransactWriteItems). Conflicts with other transactions are retried
   * with jitter.
   *
   * @throws IllegalArgumentException when there are none, more than {@link #MAX_TRANSACTION}, or
   *     two of the same item
   * @throws Problem 503 when conflicts do not end
   */
  public Outcome transact(List<? extends Write> writes) {
    check(writes);
    List<TransactWriteItem> items =
        writes.stream().map(write -> Requests.transacted(name, write)).toList();
    // One token for all attempts: a retry after a lost answer must not apply the writes twice.
    String token = java.util.UUID.randomUUID().toString();
    var retries = new Retries();
    while (true) {
      try {
        String attempt = token;
        client.transactWriteItems(it -> it.transactItems(items).clientRequestToken(attempt));
        return new Outcome.Written();
      } catch (TransactionCanceledException e) {
        List<Outcome.Failure> failures = failures(writes, e.cancellationReasons());
        if (!failures.isEmpty()) {
          return new Outcome.Refused(failures);
        }
        if (!temporary(e.cancellationReasons())) {
          throw e;
        }
        token = java.util.UUID.randomUUID().toString();
        retries.pause();
      } catch (TransactionInProgressException e) {
        retries.pause();
      }
    }
  }

  /**
   * Makes unconditional puts and deletes, in parallel batches and any order; not atomic.
   *
   * @throws IllegalArgumentException for a conditional write, an update or a check
   */
  public void writeAll(Collection<? extends Write> writes) {
    batches.write(writes);
  }

  /** Fails unless the table answers. */
  public void ping() {
    client.getItem(it -> it.tableName(name).key(Requests.key(new Key("FEED", "HEAD"))));
  }

  @Override
  public void close() {
    client.close();
  }

  private QueryRequest request(
      Query query, int limit, @Nullable Map<String, AttributeValue> start) {
    var expression = new Expression();
    return QueryRequest.builder()
        .tableName(name)
        .indexName(query.index() ? Attribute.INDEX : null)
        .consistentRead(!query.index())
        .keyConditionExpression(query.condition(expression))
        .expressionAttributeNames(expression.names())
        .expressionAttributeValues(expression.values())
        .scanIndexForward(query.forward())
        .limit(limit)
        .exclusiveStartKey(start)
        .build();
  }

  private static void check(List<? extends Write> writes) {
    if (writes.isEmpty() || writes.size() > MAX_TRANSACTION) {
      throw new IllegalArgumentException("a transaction of " + writes.size() + " writes");
    }
    var keys = new LinkedHashMap<Key, Write>();
    for (Write write : writes) {
      if (keys.put(write.key(), write) != null) {
        throw new IllegalArgumentException("two writes of " + write.key());
      }
    }
  }

  private static List<Outcome.Failure> failures(
      List<? extends Write> writes, List<CancellationReason> reasons) {
    var failures = new ArrayList<Outcome.Failure>();
    for (int i = 0; i < reasons.size(); i++) {
      CancellationReason reason = reasons.get(i);
      if ("ConditionalCheckFailed".equals(reason.code())) {
        Item current = reason.hasItem() ? item(reason.item()) : null;
        failures.add(new Outcome.Failure(i, writes.get(i).key(), current));
      }
    }
    return failures;
  }

  private static boolean temporary(List<CancellationReason> reasons) {
    return reasons.stream()
        .map(CancellationReason::code)
        .allMatch(
            code ->
                code == null
                    || code.equals("None")
                    || code.equals("TransactionConflict")
                    || code.equals("ThrottlingError")
                    || code.equals("ProvisionedThroughputExceeded"));
  }

  private static @Nullable Item item(Map<String, AttributeValue> stored) {
    return stored.isEmpty() ? null : Item.of(stored);
  }

  /** Ends {@link Stream#iterate}; the cast keeps the null out of everybody else's sight. */
  @SuppressWarnings("NullAway") // Stream.iterate has no other way to say "no more"
  private static Page lastPage() {
    return null;
  }
}
