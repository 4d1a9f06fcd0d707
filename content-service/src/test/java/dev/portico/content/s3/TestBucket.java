package dev.portico.content.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;

/** The bucket that the adapter is tested on, and what is put into it. */
final class TestBucket {
  static final String NAME = "bucket-it";
  static final String TYPE = "text/plain";

  /** S3's least size of a part that is not the last. */
  static final int PART = 5 << 20;

  private TestBucket() {}

  /** Makes the bucket if need be, and opens it over a good line. */
  static Bucket open() {
    LocalCredentials account = LocalCredentials.DEFAULT;
    System.setProperty("aws.region", account.region());
    System.setProperty("aws.accessKeyId", account.keyId());
    System.setProperty("aws.secretAccessKey", account.secret());
    TestEnvironment.shared().createBucket(NAME);
    return at(TestEnvironment.shared().s3().endpoint(), NAME, Duration.ofSeconds(30));
  }

  static Bucket at(URI endpoint, String name, Duration timeout) {
    return new BucketFactory().bucket(new S3Settings(name, endpoint, 96, timeout));
  }

  static String fresh() {
    return UUID.randomUUID().toString();
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static Bytes text(String text) {
    return Bytes.of(text.getBytes(UTF_8));
  }

  static byte[] read(Bucket from, String key) throws IOException {
    try (OpenObject object = from.get(key).orElseThrow()) {
      return object.stream().readAllBytes();
    }
  }

  /** Not now, and not when S3 is done with what reached it. */
  static void assertStaysAbsent(Bucket bucket, String key) {
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(30))
        .until(() -> bucket.head(key).isEmpty() && bucket.list(key, null).objects().isEmpty());
  }
}
