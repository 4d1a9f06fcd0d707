package dev.portico.standins.aws;

import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * DynamoDB Local and S3Proxy, started once for all tests of a JVM, with a table and a bucket. They
 * end with the JVM; what they stored is below {@code target/stand-ins} of the module, and starts
 * empty each time.
 */
public final class TestEnvironment {
  /** The table and the bucket that are there from the start. */
  public static final String NAME = "portico";

  private final Checkout checkout;
  private final DynamoDbLocal dynamoDb;
  private final S3Proxy s3;

  private TestEnvironment(Checkout checkout, Path folder) {
    this.checkout = checkout;
    this.dynamoDb = DynamoDbLocal.start(checkout, null, 0, folder.resolve("dynamodb-local.log"));
    this.s3 = S3Proxy.start(checkout, folder, 0, folder.resolve("s3proxy.log"));
    dynamoDb.process().awaitReady();
    s3.process().awaitReady();
    createTable(NAME);
    createBucket(NAME);
  }

  /** The one of this JVM; the first call starts it and waits until it is ready. */
  public static TestEnvironment shared() {
    return Shared.INSTANCE;
  }

  /** DynamoDB Local, in memory. */
  public DynamoDbLocal dynamoDb() {
    return dynamoDb;
  }

  /** S3Proxy. */
  public S3Proxy s3() {
    return s3;
  }

  /** The working copy in which the tests run. */
  public Checkout checkout() {
    return checkout;
  }

  /** Another table of the same shape, for a test that wants one to itself. */
  public void createTable(String name) {
    dynamoDb.createTable(checkout, name);
  }

  /** Another bucket, for a test that wants one to itself. */
  public void createBucket(String name) {
    s3.createBucket(name);
  }

  /**
   * The settings by which content-service finds the stand-ins, as environment variables, for the
   * table and bucket {@value #NAME}.
   */
  public Map<String, String> contentServiceEnvironment() {
    var account = LocalCredentials.DEFAULT;
    return Map.of(
        "PORTICO_DYNAMODB_TABLE", NAME,
        "PORTICO_DYNAMODB_ENDPOINT", dynamoDb.endpoint().toString(),
        "PORTICO_S3_BUCKET", NAME,
        "PORTICO_S3_ENDPOINT", s3.endpoint().toString(),
        "AWS_REGION", account.region(),
        "AWS_ACCESS_KEY_ID", account.keyId(),
        "AWS_SECRET_ACCESS_KEY", account.secret());
  }

  private static final class Shared {
    private static final TestEnvironment INSTANCE = start();

    private Shared() {}

    private static TestEnvironment start() {
      try {
        var target = Files.createDirectories(Path.of("target", "stand-ins").toAbsolutePath());
        return new TestEnvironment(Checkout.locate(), Files.createTempDirectory(target, "run-"));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot make a folder for the stand-ins", e);
      }
    }
  }
}
