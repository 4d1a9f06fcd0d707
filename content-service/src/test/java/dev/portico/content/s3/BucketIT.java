package dev.portico.content.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.S3Proxy;
import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter against S3Proxy, over good lines and bad ones. */
class BucketIT {
  private static final String TYPE = "text/plain";

  /** S3's least size of a part that is not the last. */
  private static final int PART = 5 << 20;

  /** More than the client ever tries. */
  private static final int ALWAYS = 100;

  private static final String NAME = "bucket-it";

  private static Bucket bucket;

  @BeforeAll
  static void open() {
    LocalCredentials account = LocalCredentials.DEFAULT;
    System.setProperty("aws.region", account.region());
    System.setProperty("aws.accessKeyId", account.keyId());
    System.setProperty("aws.secretAccessKey", account.secret());
    TestEnvironment.shared().createBucket(NAME);
    bucket = bucket(TestEnvironment.shared().s3().endpoint(), NAME, Duration.ofSeconds(30));
  }

  @AfterAll
  static void close() {
    bucket.close();
  }

  private static Bucket bucket(URI endpoint, String name, Duration timeout) {
    return new BucketFactory().bucket(new S3Settings(name, endpoint, 96, timeout));
  }

  private static Bucket through(Relay relay) {
    return bucket(relay.endpoint(), NAME, Duration.ofSeconds(30));
  }

  private static Relay badLine(Relay.Fault fault, long after, int faulty) {
    return new Relay(TestEnvironment.shared().s3().endpoint(), fault, after, faulty);
  }

  private static String fresh() {
    return UUID.randomUUID().toString();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(UTF_8));
  }

  private static byte[] read(Bucket from, String key) throws IOException {
    try (OpenObject object = from.get(key).orElseThrow()) {
      return object.stream().readAllBytes();
    }
  }

  private static void assertFails(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(BucketException.class).hasMessageContaining(message);
  }

  /** Not now, and not when S3 is done with what reached it. */
  private static void assertStaysAbsent(String key) {
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> bucket.head(key).isEmpty() && bucket.list(key, null).objects().isEmpty());
  }

  // Failures.

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
        bucket(TestEnvironment.shared().s3().endpoint(), fresh(), Duration.ofSeconds(30))) {
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
        Bucket away = bucket(endpoint, NAME, Duration.ofSeconds(5))) {
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
        Bucket slow = bucket(frozen.endpoint(), NAME, Duration.ofMillis(300))) {
      frozen.process().awaitReady();
      frozen.createBucket(NAME);
      slow.put("a", text("x"), TYPE);
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
    assertStaysAbsent(key);
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
    assertStaysAbsent(key);
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
    assertStaysAbsent(key);
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
    assertStaysAbsent(key);
  }

  // What it is for.

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 70_000, 9 << 20})
  void keepsObjectsOfAnySize(int size) throws IOException {
    byte[] bytes = random(size);
    String key = "a b/ü/" + fresh();
    Instant before = Instant.now().minusSeconds(2);
    bucket.put(key, Bytes.of(bytes), "font/woff2");
    try (OpenObject object = bucket.get(key).orElseThrow()) {
      assertThat(object.length()).isEqualTo(size);
      assertThat(object.type()).isEqualTo("font/woff2");
      assertThat(object.stream().readAllBytes()).isEqualTo(bytes);
    }
    ObjectFacts facts = bucket.head(key).orElseThrow();
    assertThat(facts.key()).isEqualTo(key);
    assertThat(facts.size()).isEqualTo(size);
    assertThat(facts.modified()).isBetween(before, Instant.now().plusSeconds(2));
  }

  /** Waiting for "100 Continue" would cost a round trip for every file. */
  @Test
  void sendsABodyWithoutAskingFirst() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Bucket direct =
            bucket(
                URI.create("http://127.0.0.1:" + server.getLocalPort()),
                NAME,
                Duration.ofSeconds(30))) {
      Future<String> head =
          executor.submit(
              () -> {
                try (Socket client = server.accept()) {
                  InputStream in = client.getInputStream();
                  var text = new StringBuilder();
                  for (int next = in.read(); next >= 0; next = in.read()) {
                    text.append((char) next);
                    if (text.indexOf("\r\n\r\nbody") >= 0) {
                      break;
                    }
                  }
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
                  return text.toString();
                }
              });
      direct.put("key", text("body"), TYPE);
      assertThat(head.get()).startsWith("PUT ").doesNotContainIgnoringCase("expect:");
    }
  }

  @Test
  void putReplaces() throws IOException {
    String key = fresh();
    bucket.put(key, text("a longer one"), TYPE);
    bucket.put(key, text("short"), TYPE);
    assertThat(read(bucket, key)).isEqualTo("short".getBytes(UTF_8));
  }

  @Test
  void readsRanges() throws IOException {
    byte[] bytes = random(100_000);
    String key = fresh();
    bucket.put(key, Bytes.of(bytes), TYPE);
    for (long[] range : new long[][] {{0, 0}, {500, 70_000}, {99_999, 99_999}, {99_000, 200_000}}) {
      int end = (int) Math.min(range[1] + 1, bytes.length);
      try (OpenObject part = bucket.get(key, range[0], range[1]).orElseThrow()) {
        assertThat(part.length()).isEqualTo(end - range[0]);
        assertThat(part.stream().readAllBytes())
            .isEqualTo(Arrays.copyOfRange(bytes, (int) range[0], end));
      }
    }
  }

  @Test
  void whatIsNotReadToItsEndHoldsNoConnection() throws IOException {
    String key = fresh();
    bucket.put(key, Bytes.of(random(1 << 20)), TYPE);
    try (Bucket narrow =
        new BucketFactory()
            .bucket(
                new S3Settings(
                    NAME, TestEnvironment.shared().s3().endpoint(), 1, Duration.ofSeconds(30)))) {
      for (int i = 0; i < 3; i++) {
        try (OpenObject object = narrow.get(key).orElseThrow()) {
          assertThat(object.stream().readNBytes(10)).hasSize(10);
        }
      }
    }
  }

  @Test
  void ofManyConditionalPutsExactlyOneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      String key = fresh();
      var results = new ArrayList<Future<Boolean>>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 16; i++) {
          Bytes own = text("writer " + i);
          Callable<Boolean> put = () -> bucket.putIfAbsent(key, own, TYPE);
          results.add(threads.submit(put));
        }
      }
      var winners = new ArrayList<String>();
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i).get()) {
          winners.add("writer " + i);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(read(bucket, key)).isEqualTo(winners.getFirst().getBytes(UTF_8));
    }
  }

  @Test
  void makesAnObjectOfParts() throws IOException {
    byte[] bytes = random(2 * PART + 1234);
    String key = fresh();
    String upload = bucket.startUpload(key, "font/woff2");
    var etags = new ArrayList<String>();
    for (int from = 0; from < bytes.length; from += PART) {
      int length = Math.min(PART, bytes.length - from);
      etags.add(bucket.uploadPart(key, upload, etags.size() + 1, new Bytes(bytes, from, length)));
    }
    assertThat(bucket.get(key)).as("nothing shows before it is complete").isEmpty();
    assertThat(bucket.unfinishedUploads(key))
        .singleElement()
        .satisfies(it -> assertThat(it.key()).isEqualTo(key))
        .satisfies(it -> assertThat(it.uploadId()).isEqualTo(upload));
    bucket.completeUpload(key, upload, etags);
    assertThat(bucket.unfinishedUploads(key)).isEmpty();
    assertThat(read(bucket, key)).isEqualTo(bytes);

    String copy = fresh();
    assertThat(bucket.copy(key, copy)).isTrue();
    assertThat(read(bucket, copy)).isEqualTo(bytes);
  }

  @Test
  void anObjectIsMadeOfPieces() throws IOException {
    String key = fresh();
    byte[] bytes = "one two three".getBytes(UTF_8);
    bucket.put(
        key,
        List.of(new Bytes(bytes, 8, 5), new Bytes(bytes, 3, 1), new Bytes(bytes, 0, 0), text("x")),
        TYPE);
    assertThat(read(bucket, key)).isEqualTo("three x".getBytes(UTF_8));
  }

  @Test
  void anAbortedUploadLeavesNothing() {
    String key = fresh();
    String upload = bucket.startUpload(key, TYPE);
    bucket.uploadPart(key, upload, 1, text("part"));
    bucket.abortUpload(key, upload);
    assertThat(bucket.unfinishedUploads(key)).isEmpty();
    assertStaysAbsent(key);
  }

  @Test
  void listsInPagesAndDeletesMoreThanS3TakesAtOnce() {
    String prefix = fresh() + "/";
    List<String> keys =
        IntStream.range(0, 1005).mapToObj(i -> prefix + "%04d".formatted(i)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String key : keys) {
        threads.execute(() -> bucket.put(key, text(key), TYPE));
      }
    }
    bucket.put(prefix.replace("/", "!") + "another", text("x"), TYPE);

    var pages = new ArrayList<ObjectPage>();
    @Nullable String cursor = null;
    do {
      pages.add(bucket.list(prefix, cursor));
      cursor = pages.getLast().next();
    } while (cursor != null);
    assertThat(pages).hasSize(2);
    assertThat(pages.getFirst().objects()).hasSize(1000);
    assertThat(pages.stream().flatMap(page -> page.objects().stream()).map(ObjectFacts::key))
        .containsExactlyElementsOf(keys);
    assertThat(pages.getLast().objects().getLast().size()).isEqualTo(keys.getLast().length());

    bucket.delete(keys);
    assertThat(bucket.list(prefix, null).objects()).isEmpty();
    assertThat(bucket.list(prefix.replace("/", "!"), null).objects()).hasSize(1);
  }
}
