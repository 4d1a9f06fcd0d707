package dev.portico.content.dynamodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** BatchGetItem and BatchWriteItem: cut into chunks, in parallel, the unprocessed tried again. */
final class Batches {
  private static final int GET_CHUNK = 100;
  private static final int WRITE_CHUNK = 25;
  private static final int PARALLEL = 16;

  private final DynamoDbClient client;
  private final String table;

  Batches(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  Map<Key, Item> get(Set<Key> keys) {
    var found = new ConcurrentHashMap<Key, Item>();
    inParallel(
        chunks(List.copyOf(keys), GET_CHUNK).stream()
            .<Runnable>map(chunk -> () -> get(chunk, found))
            .toList());
    return found;
  }

  void write(Collection<? extends Write> writes) {
    List<WriteRequest> requests = writes.stream().map(Batches::request).toList();
    inParallel(
        chunks(requests, WRITE_CHUNK).stream().<Runnable>map(chunk -> () -> write(chunk)).toList());
  }

  private void get(List<Key> chunk, Map<Key, Item> found) {
    var retries = new Retries();
    List<Map<String, AttributeValue>> left = chunk.stream().map(Requests::key).toList();
    while (true) {
      var wanted = KeysAndAttributes.builder().keys(left).consistentRead(true).build();
      var response = client.batchGetItem(it -> it.requestItems(Map.of(table, wanted)));
      for (Map<String, AttributeValue> stored :
          response.responses().getOrDefault(table, List.of())) {
        Item item = Item.of(stored);
        found.put(item.key(), item);
      }
      KeysAndAttributes unprocessed = response.unprocessedKeys().get(table);
      if (unprocessed == null || unprocessed.keys().isEmpty()) {
        return;
      }
      left = unprocessed.keys();
      retries.pause();
    }
  }

  private void write(List<WriteRequest> chunk) {
    var retries = new Retries();
    List<WriteRequest> left = chunk;
    while (true) {
      List<WriteRequest> wanted = left;
      var response = client.batchWriteItem(it -> it.requestItems(Map.of(table, wanted)));
      left = response.unprocessedItems().getOrDefault(table, List.of());
      if (left.isEmpty()) {
        return;
      }
      retries.pause();
    }
  }

  private static WriteRequest request(Write write) {
    if (write.condition() != null) {
      throw new IllegalArgumentException("a batch cannot hold a conditional write: " + write.key());
    }
    return switch (write) {
      case Write.Put put ->
          WriteRequest.builder()
              .putRequest(it -> it.item(Requests.checked(put.item()).stored()))
              .build();
      case Write.Delete delete ->
          WriteRequest.builder().deleteRequest(it -> it.key(Requests.key(delete.key()))).build();
      default -> throw new IllegalArgumentException("a batch holds puts and deletes only");
    };
  }

  private static <T> List<List<T>> chunks(List<T> all, int size) {
    var chunks = new ArrayList<List<T>>();
    for (int from = 0; from < all.size(); from += size) {
      chunks.add(all.subList(from, Math.min(from + size, all.size())));
    }
    return chunks;
  }

  private static void inParallel(List<Runnable> tasks) {
    if (tasks.size() == 1) {
      tasks.getFirst().run();
      return;
    }
    var permits = new Semaphore(PARALLEL);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (Runnable task : tasks) {
        permits.acquire();
        running.add(
            executor.submit(
                () -> {
                  try {
                    task.run();
                  } finally {
                    permits.release();
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading or writing a batch", e);
    }
  }
}
