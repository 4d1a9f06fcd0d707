package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.portico.content.dynamodb.TableOver;
import dev.portico.content.s3.BucketOver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * A buffer may be reused only when its bytes have been sent: other bytes where a digest's are said
 * to be would be served for ever.
 */
class StoreFailureTest {
  private static final long MEMORY = 32L << 20;

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final CountDownLatch sending = new CountDownLatch(1);
  private final CountDownLatch refused = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final S3BlobStore store = store(Duration.ofSeconds(30));

  private S3BlobStore store(Duration wait) {
    var settings = new BlobSettings(MEMORY, wait, 8, Duration.ofDays(1));
    var bucket = BucketOver.client(new SlowBucket());
    var table = TableOver.client(new FailingTable());
    return new S3BlobStore(
        bucket,
        new BlobRecords(table, bucket, Clock.systemUTC(), settings),
        new Packs(bucket),
        settings);
  }

  /** Reads the bytes only when it is told to. */
  private final class SlowBucket implements S3Client {
    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
      sending.countDown();
      boolean interrupted = false;
      while (goOn.getCount() > 0) {
        try {
          goOn.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      try (var stream = body.contentStreamProvider().newStream()) {
        objects.put(request.key(), stream.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return PutObjectResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "s3";
    }

    @Override
    public void close() {}
  }

  /** Knows no blob, and cannot be asked twice. */
  private final class FailingTable implements DynamoDbClient {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
      return GetItemResponse.builder().build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
      if (asked.getAndIncrement() == 0) {
        return BatchGetItemResponse.builder().responses(Map.of()).build();
      }
      refused.countDown();
      throw SdkClientException.create("the table is away");
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
      throw SdkClientException.create("the table is away");
    }

    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }

  @AfterEach
  void close() {
    goOn.countDown();
    store.close();
  }

  private static byte[] random(int seed) {
    return random(seed, 5000);
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Takes all memory that can be taken and writes over it, as other publications would. */
  private void useFreeMemory() {
    var taken = new ArrayList<byte[]>();
    while (store.memory().free() >= MemoryPool.PART) {
      byte[] buffer = store.memory().take(MemoryPool.PART);
      Arrays.fill(buffer, (byte) 0xEE);
      taken.add(buffer);
    }
    taken.forEach(store.memory()::give);
  }

  private void storedBytesAreTheRightOnes() {
    assertThat(objects).isNotEmpty();
    objects.forEach(
        (key, object) -> {
          List<Pack.Entry> entries = entries(object);
          List<Extent> extents = Pack.extents(key, entries);
          for (int i = 0; i < entries.size(); i++) {
            int from = (int) extents.get(i).offset();
            byte[] bytes = Arrays.copyOfRange(object, from, from + entries.get(i).length());
            assertThat(Digest.of(bytes)).isEqualTo(entries.get(i).digest());
          }
        });
  }

  private static List<Pack.Entry> entries(byte[] pack) {
    try {
      return Pack.read(new ByteArrayInputStream(pack));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFailureWhileOthersAreSentKeepsTheirBuffersUntilTheyAre() throws Exception {
    // Each fills a group of its own, which is sent at once.
    byte[] first = random(1, 5 << 20);
    byte[] second = random(2, 5 << 20);
    var failure = new AtomicReference<Throwable>();
    try (Ingest ingest = store.ingest(HeldBlobs.NONE)) {
      // No size declared: buffers of a whole part, which are reused.
      ingest.add("/first", -1, new ByteArrayInputStream(first));
      assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
      ingest.add("/second", -1, new ByteArrayInputStream(second));
      Thread thread =
          Thread.ofVirtual().start(() -> failure.set(catchThrowable(() -> ingest.finish())));
      assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
      Awaitility.await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                useFreeMemory();
                assertThat(store.memory().free()).isLessThan(MEMORY);
              });
      goOn.countDown();
      thread.join();
    }
    assertThat(failure.get()).isInstanceOf(BlobStorageException.class);
    storedBytesAreTheRightOnes();
    assertThat(store.memory().free()).as("given back once").isEqualTo(MEMORY);
  }

  @Test
  void anInterruptedSenderKeepsItsBufferUntilItIsSent() throws Exception {
    byte[] large = new byte[MemoryPool.PART];
    new Random(3).nextBytes(large);
    var failure = new AtomicReference<Throwable>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () ->
                    failure.set(
                        catchThrowable(
                            () ->
                                store.put(
                                    Digest.of(large),
                                    large.length,
                                    new ByteArrayInputStream(large)))));
    assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              useFreeMemory();
              assertThat(store.memory().free()).isLessThan(MEMORY);
            });
    goOn.countDown();
    thread.join();
    assertThat(failure.get()).isInstanceOf(BlobStorageException.class);
    storedBytesAreTheRightOnes();
    assertThat(store.memory().free()).as("given back once").isEqualTo(MEMORY);
  }

  /** Sends nothing until it is told to, and then nothing either. */
  private InputStream silent(CountDownLatch asked) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        asked.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
        return -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  @Test
  void clientsThatSendNothingYetHoldNoMemory() throws Exception {
    var asked = new CountDownLatch(3);
    try (Ingest ingest = store.ingest(HeldBlobs.NONE);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls =
          List.of(
              threads.submit(() -> store.put(Digest.of(random(1)), 9 << 20, silent(asked))),
              threads.submit(() -> store.put(Digest.of(random(2)), 5_000, silent(asked))),
              threads.submit(
                  () -> {
                    ingest.add("/a", 1 << 20, silent(asked));
                    return true;
                  }));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(store.memory().free()).isEqualTo(MEMORY);
      assertThat(calls).noneMatch(Future::isDone);
      goOn.countDown();
    }
    assertThat(store.memory().free()).isEqualTo(MEMORY);
  }

  @Test
  void whoGetsNoMemoryInTimeIsTold() {
    S3BlobStore full = store(Duration.ofMillis(50));
    byte[] all = full.memory().take((int) MEMORY);
    assertThatThrownBy(
            () -> full.put(Digest.of(random(1)), 5000, new ByteArrayInputStream(random(1))))
        .isInstanceOf(BlobStorageException.class)
        .hasMessageContaining("memory");
    full.memory().give(all);
    assertThat(full.memory().free()).isEqualTo(MEMORY);
    full.close();
  }
}
