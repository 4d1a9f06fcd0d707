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

import dev.portico.standins.aws.TestEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter against S3Proxy. */
class BucketIT {
  private static Bucket bucket;

  @BeforeAll
  static void open() {
    bucket = TestBucket.open();
  }

  @AfterAll
  static void close() {
    bucket.close();
  }

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
            TestBucket.at(
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
    assertStaysAbsent(bucket, key);
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
