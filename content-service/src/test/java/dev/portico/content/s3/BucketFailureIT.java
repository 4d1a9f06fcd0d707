package dev.portico.content.s3;

import static dev.portico.content.s3.TestBucket.NAME;
import static dev.portico.content.s3.TestBucket.PART;
import static dev.portico.content.s3.TestBucket.TYPE;
import static dev.portico.content.s3.TestBucket.assertStaysAbsent;
import static dev.portico.content.s3.TestBucket.fresh;
import static dev.portico.content.s3.TestBucket.random;
import static dev.portico.content.s3.TestBucket.read;
import static dev.portico.content.s3.TestBucket.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.standins.aws.S3Proxy;
import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter when S3, or the line to it, fails. */
class BucketFailureIT {
  /** More than the client ever tries. */
  private static final int ALWAYS = 100;

  private static Bucket bucket;

  @BeforeAll
  static void open() {
    bucket = TestBucket.open();
  }

  @AfterAll
  static void close() {
    bucket.close();
  }

  private static Bucket through(Relay relay) {
    return TestBucket.at(relay.endpoint(), NAME, Duration.ofSeconds(30));
  }

  private static Relay badLine(Relay.Fault fault, long after, int faulty) {
    return new Relay(TestEnvironment.shared().s3().endpoint(), fault, after, faulty);
  }

  private static void assertFails(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(BucketException.class).hasMessageContaining(message);
  }

  @Test
  void aMissingKeyIsAnAnswer() {
    String key = fresh();
    assertThat(bucket.get(key)).isEmpty();
    assertThat(bucket.get(key, 0, 9)).isEmpty();
    assertThat(bucket.head(key)).isEmpty();
    assertThat(bucket.copy(key, fresh())).isFalse();
    assertThat(bucket.list(key, null)).isEqualTo(new ObjectPage(List.of(), null));
    bucket.delete(List.of(key));
    bucket.delete(List.of());
  }

  @Test
  void aMissingBucketIsAFailure() {
    try (Bucket none =
        TestBucket.at(TestEnvironment.shared().s3().endpoint(), fresh(), Duration.ofSeconds(30))) {
      assertFails("S3 failed to reach the bucket", none::ping);
      assertFails("S3 failed to read a/b", () -> none.get("a/b"));
      assertFails("S3 failed to store a/b", () -> none.put("a/b", text("x"), TYPE));
      assertFails("S3 failed to store a/b", () -> none.putIfAbsent("a/b", text("x"), TYPE));
      assertFails("S3 failed to list a/", () -> none.list("a/", null));
      assertFails("S3 failed to start uploading a/b", () -> none.startUpload("a/b", TYPE));
    }
  }

  @Test
  void aRangeBeyondTheEndIsAFailure() {
    String key = fresh();
    bucket.put(key, text("0123456789"), TYPE);
    assertFails("S3 failed to read " + key, () -> bucket.get(key, 10, 20));
  }

  @Test
  void whenS3IsAwayEveryCallSaysWhatFailed(@TempDir Path folder) throws IOException {
    TestEnvironment environment = TestEnvironment.shared();
    S3Proxy first = S3Proxy.start(environment.checkout(), folder, 0, folder.resolve("first.log"));
    URI endpoint = first.endpoint();
    try (first;
        Bucket away = TestBucket.at(endpoint, NAME, Duration.ofSeconds(30))) {
      first.process().awaitReady();
      first.createBucket(NAME);
      away.put("kept", text("before"), TYPE);

      first.process().close();
      assertFails("S3 failed to reach the bucket", away::ping);
      assertFails("S3 failed to store a", () -> away.put("a", text("x"), TYPE));
      assertFails("S3 failed to store a", () -> away.putIfAbsent("a", text("x"), TYPE));
      assertFails("S3 failed to read kept", () -> away.get("kept"));
      assertFails("S3 failed to read kept", () -> away.get("kept", 0, 1));
      assertFails("S3 failed to look up kept", () -> away.head("kept"));
      assertFails("S3 failed to copy kept", () -> away.copy("kept", "a"));
      assertFails("S3 failed to delete", () -> away.delete(List.of("kept")));
      assertFails("S3 failed to list k", () -> away.list("k", null));
      assertFails("S3 failed to start uploading a", () -> away.startUpload("a", TYPE));
      assertFails("S3 failed to upload part 7 of a", () -> away.uploadPart("a", "u", 7, text("x")));
      assertFails("S3 failed to complete a", () -> away.completeUpload("a", "u", List.of("e")));
      assertFails("S3 failed to abort uploading a", () -> away.abortUpload("a", "u"));
      assertFails("S3 failed to list uploads", () -> away.unfinishedUploads(""));
      assertThatThrownBy(away::ping)
          .as("why, and where")
          .hasMessageContaining(":" + endpoint.getPort())
          .hasRootCauseInstanceOf(ConnectException.class);

      try (S3Proxy again =
          S3Proxy.start(
              environment.checkout(), folder, endpoint.getPort(), folder.resolve("again.log"))) {
        again.process().awaitReady();
        assertThat(read(away, "kept"))
            .as("the client recovers")
            .isEqualTo("before".getBytes(UTF_8));
      }
    }
  }

  @Test
  void whenS3HangsACallEndsInTime(@TempDir Path folder) {
    try (S3Proxy frozen =
            S3Proxy.start(
                TestEnvironment.shared().checkout(), folder, 0, folder.resolve("frozen.log"));
        Bucket patient = TestBucket.at(frozen.endpoint(), NAME, Duration.ofSeconds(30));
        Bucket slow = TestBucket.at(frozen.endpoint(), NAME, Duration.ofMillis(300))) {
      frozen.process().awaitReady();
      frozen.createBucket(NAME);
      patient.put("a", text("x"), TYPE);
      frozen.process().signal("STOP");
      assertFails("S3 failed to read a", () -> slow.get("a"));
      frozen.process().kill();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10_000, 300_000})
  void aBodyThatBreaksOffMidwayStoresNothing(int after) {
    byte[] bytes = random(600_000);
    String key = fresh();
    try (Relay relay = badLine(Relay.Fault.CUT_REQUEST, after, ALWAYS);
        Bucket broken = through(relay)) {
      assertFails("S3 failed to store " + key, () -> broken.put(key, Bytes.of(bytes), TYPE));
      assertFails(
          "S3 failed to store " + key, () -> broken.putIfAbsent(key, Bytes.of(bytes), TYPE));
      assertThat(relay.connections()).as("tried again").isGreaterThan(2);
    }
    assertStaysAbsent(bucket, key);
  }

  @Test
  void aBodyThatBreaksOffLeavesWhatIsThere() throws IOException {
    String key = fresh();
    bucket.put(key, text("before"), TYPE);
    try (Relay relay = badLine(Relay.Fault.CUT_REQUEST, 300_000, ALWAYS);
        Bucket broken = through(relay)) {
      assertFails("store", () -> broken.put(key, Bytes.of(random(600_000)), TYPE));
    }
    assertThat(read(bucket, key)).isEqualTo("before".getBytes(UTF_8));
  }

  @Test
  void aBodyThatBreaksOffOnceIsSentAgainWhole() throws IOException {
    byte[] bytes = random(600_000);
    String key = fresh();
    try (Relay relay = badLine(Relay.Fault.CUT_REQUEST, 300_000, 1);
        Bucket shaky = through(relay)) {
      shaky.put(key, new Bytes(bytes, 1000, 500_000), TYPE);
      assertThat(relay.connections()).isEqualTo(2);
    }
    assertThat(read(bucket, key)).isEqualTo(Arrays.copyOfRange(bytes, 1000, 501_000));
  }

  @Test
  void aPartThatBreaksOffIsNoneOfTheUpload() {
    String key = fresh();
    String upload = bucket.startUpload(key, TYPE);
    try (Relay relay = badLine(Relay.Fault.CUT_REQUEST, PART / 2, ALWAYS);
        Bucket broken = through(relay)) {
      assertFails(
          "S3 failed to upload part 1 of " + key,
          () -> broken.uploadPart(key, upload, 1, Bytes.of(random(PART))));
    }
    assertFails(
        "S3 failed to complete " + key,
        () -> bucket.completeUpload(key, upload, List.of("\"d41d8cd98f00b204e9800998ecf8427e\"")));
    bucket.abortUpload(key, upload);
    assertStaysAbsent(bucket, key);
  }

  /** The signature covers the body, since this line is not protected by TLS. */
  @Test
  void aBodyThatIsCorruptedOnItsWayIsNotStored() {
    String key = fresh();
    try (Relay relay = badLine(Relay.Fault.CORRUPT_REQUEST, 300_000, ALWAYS);
        Bucket broken = through(relay)) {
      assertFails(
          "S3 failed to store " + key, () -> broken.put(key, Bytes.of(random(600_000)), TYPE));
    }
    assertStaysAbsent(bucket, key);
  }

  @Test
  void anObjectThatComesShortIsNotTakenForTheWhole() {
    String key = fresh();
    bucket.put(key, Bytes.of(random(600_000)), TYPE);
    try (Relay relay = badLine(Relay.Fault.CUT_RESPONSE, 300_000, ALWAYS);
        Bucket broken = through(relay)) {
      assertThatThrownBy(() -> read(broken, key)).isInstanceOf(IOException.class);
    }
  }

  /** S3 has stored it, the answer is lost, and the second try meets the first one's object. */
  @Test
  void aConditionalPutWhoseAnswerIsLostSaysThatItIsThere() throws IOException {
    String key = fresh();
    try (Relay relay = badLine(Relay.Fault.CUT_RESPONSE, 0, 1);
        Bucket shaky = through(relay)) {
      assertThat(shaky.putIfAbsent(key, text("mine"), TYPE)).isFalse();
    }
    assertThat(read(bucket, key)).isEqualTo("mine".getBytes(UTF_8));
  }

  @Test
  void anUploadOfNobodyCannotBeGoneOnWith() {
    String key = fresh();
    String upload = bucket.startUpload(key, TYPE);
    bucket.abortUpload(key, upload);
    bucket.abortUpload(key, upload);
    assertThat(bucket.unfinishedUploads(key)).isEmpty();
    assertFails(
        "S3 failed to complete " + key,
        () -> bucket.completeUpload(key, upload, List.of("\"none\"")));
    assertStaysAbsent(bucket, key);
  }
}
