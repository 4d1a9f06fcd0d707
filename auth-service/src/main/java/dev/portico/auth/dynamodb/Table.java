package dev.portico.auth.dynamodb;

import dev.portico.auth.error.Problem;
import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * The table. Calls block and are meant for virtual threads. All reads are strongly consistent;
 * there is no scan. All throw a 503 {@link Problem} when the table does not answer.
 */
@Singleton
public final class Table {
  private static final Logger LOG = LoggerFactory.getLogger(Table.class);
  private static final String REFUSED = "ConditionalCheckFailed";
  private static final int MOST_ATTEMPTS = 25;
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  private final BeanProvider<Connection> connection;
  private final String name;

  Table(BeanProvider<Connection> connection, DynamoDbSettings settings) {
    this.connection = connection;
    this.name = settings.name();
  }

  static Map<String, AttributeValue> key(Key key) {
    return Map.of(Item.PK, AttributeValue.fromS(key.pk()), Item.SK, AttributeValue.fromS(key.sk()));
  }

  /** Reads one item, expired or not. */
  public Optional<Item> get(Key key) {
    var found =
        answered(
            "GetItem",
            () ->
                connection
                    .get()
                    .client()
                    .getItem(it -> it.tableName(name).key(key(key)).consistentRead(true)));
    return found.hasItem() && !found.item().isEmpty()
        ? Optional.of(Item.of(found.item()))
        : Optional.empty();
  }

  /**
   * Items of a partition by ascending sort key, expired ones among them; fewer than asked for when
   * DynamoDB ends its page before.
   *
   * @param from first sort key, inclusive
   * @param to last sort key, inclusive
   * @param limit most items
   */
  public List<Item> query(String pk, String from, String to, int limit) {
    Map<String, AttributeValue> values =
        Map.of(
            ":pk", AttributeValue.fromS(pk),
            ":from", AttributeValue.fromS(from),
            ":to", AttributeValue.fromS(to));
    return answered(
            "Query",
            () ->
                connection
                    .get()
                    .client()
                    .query(
                        it ->
                            it.tableName(name)
                                .consistentRead(true)
                                .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
                                .expressionAttributeValues(values)
                                .limit(limit)))
        .items()
        .stream()
        .map(Item::of)
        .toList();
  }

  /**
   * Items of a partition by descending sort key, expired ones among them.
   *
   * @param before sort key that all are below; null: from the last one on
   * @param limit most items; fewer are there only if there are no more
   */
  public List<Item> latest(String pk, @Nullable String before, int limit) {
    var values = new HashMap<>(Map.of(":pk", AttributeValue.fromS(pk)));
    if (before != null) {
      values.put(":before", AttributeValue.fromS(before));
    }
    var found = new ArrayList<Item>();
    Map<String, AttributeValue> start = Map.of();
    do {
      Map<String, AttributeValue> from = start;
      var page =
          answered(
              "Query",
              () ->
                  connection
                      .get()
                      .client()
                      .query(
                          it -> {
                            it.tableName(name)
                                .consistentRead(true)
                                .scanIndexForward(false)
                                .keyConditionExpression(
                                    before == null ? "pk = :pk" : "pk = :pk AND sk < :before")
                                .expressionAttributeValues(values)
                                .limit(limit - found.size());
                            if (!from.isEmpty()) {
                              it.exclusiveStartKey(from);
                            }
                          }));
      page.items().stream().map(Item::of).forEach(found::add);
      start = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
    } while (!start.isEmpty() && found.size() < limit);
    return List.copyOf(found);
  }

  /**
   * Makes all writes or none.
   *
   * @param writes of items that differ, at most 100
   * @return false when a condition did not hold, so that nothing happened
   */
  public boolean write(Write... writes) {
    List<TransactWriteItem> items = List.of(writes).stream().map(this::transacted).toList();
    // One token for all attempts at the same: after a lost answer nothing may happen twice.
    String token = UUID.randomUUID().toString();
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try {
        String current = token;
        answered(
            "TransactWriteItems",
            () ->
                connection
                    .get()
                    .client()
                    .transactWriteItems(it -> it.transactItems(items).clientRequestToken(current)));
        return true;
      } catch (TransactionCanceledException e) {
        if (e.cancellationReasons().stream().anyMatch(why -> REFUSED.equals(why.code()))) {
          return false;
        }
        token = UUID.randomUUID().toString();
      } catch (TransactionInProgressException e) {
        LOG.debug("A transaction of the same token is under way", e);
      }
      pause(attempt);
    }
    throw Problem.unavailable("Too many are changing the same. Try again.");
  }

  private TransactWriteItem transacted(Write write) {
    var item = TransactWriteItem.builder();
    return switch (write) {
      case Write.Put put -> {
        Condition condition = put.condition();
        yield item.put(
                it -> {
                  it.tableName(name).item(put.item().stored());
                  if (condition != null) {
                    it.conditionExpression(condition.expression())
                        .expressionAttributeNames(condition.names())
                        .expressionAttributeValues(condition.values());
                  }
                })
            .build();
      }
      case Write.Delete delete -> {
        Condition condition = delete.condition();
        yield item.delete(
                it -> {
                  it.tableName(name).key(key(delete.key()));
                  if (condition != null) {
                    it.conditionExpression(condition.expression())
                        .expressionAttributeNames(condition.names())
                        .expressionAttributeValues(condition.values());
                  }
                })
            .build();
      }
      case Write.Check check -> {
        Condition condition = check.condition();
        yield item.conditionCheck(
                it ->
                    it.tableName(name)
                        .key(key(check.key()))
                        .conditionExpression(condition.expression())
                        .expressionAttributeNames(condition.names())
                        .expressionAttributeValues(condition.values()))
            .build();
      }
    };
  }

  /** Fails unless the table answers. */
  public void ping() {
    get(new Key(Key.PREFIX + "PING", "PING"));
  }

  private static <T> T answered(String operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (TransactionCanceledException | TransactionInProgressException e) {
      throw e;
    } catch (AwsServiceException | SdkClientException e) {
      LOG.warn("DynamoDB does not answer {}: {}", operation, e.getMessage());
      throw Problem.unavailable("The table does not answer. Try again.");
    }
  }

  /**
   * Exponential with full jitter, so that rivals do not meet again. By sleeping: calls block their
   * virtual thread by design, and nobody could tell when a rival is done.
   */
  private static void pause(int attempt) {
    long longest = Math.min(LONGEST_PAUSE.toMillis(), 5L << Math.min(attempt, 10));
    try {
      Thread.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest) + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping. Try again.");
    }
  }
}
