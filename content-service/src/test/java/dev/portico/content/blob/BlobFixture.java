package dev.portico.content.blob;

import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bucket;
import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.TestEnvironment;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** A blob store of its own, on a table and bucket of its own, with a clock that can be moved. */
final class BlobFixture implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  final String name = "blob-" + NUMBER.incrementAndGet();
  final ManualClock clock;
  private final ApplicationContext context;

  BlobFixture() {
    this(Map.of());
  }

  BlobFixture(Map<String, Object> settings) {
    TestEnvironment environment = TestEnvironment.shared();
    environment.createTable(name);
    environment.createBucket(name);
    context = open(settings);
    clock = context.getBean(ManualClock.class);
  }

  private ApplicationContext open(Map<String, Object> settings) {
    TestEnvironment environment = TestEnvironment.shared();
    LocalCredentials account = LocalCredentials.DEFAULT;
    var properties = new HashMap<String, Object>(settings);
    properties.put("aws.region", account.region());
    properties.put("aws.accessKeyId", account.keyId());
    properties.put("aws.secretKey", account.secret());
    System.setProperty("aws.region", account.region());
    System.setProperty("aws.accessKeyId", account.keyId());
    System.setProperty("aws.secretAccessKey", account.secret());
    properties.put("portico.dynamodb.table", name);
    properties.put("portico.dynamodb.endpoint", environment.dynamoDb().endpoint().toString());
    properties.put("portico.s3.bucket", name);
    properties.put("portico.s3.endpoint", environment.s3().endpoint().toString());
    properties.putIfAbsent("portico.blob.variants.enabled", false);
    properties.putIfAbsent("portico.blob.collection.enabled", false);
    properties.put("portico.cognito.issuer", "https://issuer.example/pool");
    properties.put("portico.cognito.jwks-url", "https://issuer.example/pool/jwks.json");
    properties.put("portico.cognito.client-ids", "one");
    properties.put("portico.change.secrets", "0123456789abcdef0123456789abcdef");
    return ApplicationContext.builder()
        .properties(properties)
        .environments("blob-test")
        .deduceEnvironment(false)
        .start();
  }

  S3BlobStore store() {
    return context.getBean(S3BlobStore.class);
  }

  Bucket bucket() {
    return context.getBean(Bucket.class);
  }

  Table table() {
    return context.getBean(Table.class);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  BlobRecord record(Digest digest) {
    return BlobRecord.of(table().get(BlobRecord.key(digest)).orElseThrow());
  }

  boolean recorded(Digest digest) {
    return table().get(BlobRecord.key(digest)).isPresent();
  }

  /** Does to a blob what collection's first step does. */
  void forget(Digest digest) {
    table().write(Write.delete(BlobRecord.key(digest)));
  }

  /** The key of the object that holds a blob. */
  String object(Digest digest) {
    return record(digest).extent().object();
  }

  /** Where a variant is that exists. */
  Extent variant(Digest digest, Coding coding) {
    return Objects.requireNonNull(record(digest).variants().get(coding));
  }

  byte[] readVariant(Digest digest, Coding coding) throws IOException {
    try (BlobContent content =
        bean(Packs.class).open(variant(digest, coding), null).orElseThrow()) {
      return content.stream().readAllBytes();
    }
  }

  byte[] read(Digest digest) throws IOException {
    try (BlobContent content = store().open(digest, null).orElseThrow()) {
      return content.stream().readAllBytes();
    }
  }

  @Override
  public void close() {
    context.close();
  }

  /** Moves when told. */
  @Singleton
  @Replaces(Clock.class)
  @Requires(env = "blob-test")
  static final class ManualClock extends Clock {
    private volatile Instant now = Instant.now();

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
