package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BlobStoreIT {
  private static BlobFixture blobs = new BlobFixture();

  @BeforeAll
  static void open() {
    blobs.close();
    blobs = new BlobFixture();
  }

  @AfterAll
  static void close() {
    blobs.close();
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static InputStream cutAfter(byte[] bytes) {
    return new SequenceInputStream(
        stream(bytes),
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the client went away");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("the client went away");
          }
        });
  }

  @Test
  void storesManyFilesAndTellsThemInOrder() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<byte[]> files = new ArrayList<>();
    var order = new ArrayList<String>();
    Ingest.Result result;
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      for (int i = 0; i < 350; i++) {
        // Not empty: another test may have stored that.
        byte[] bytes = new byte[16 + random.nextInt(3000)];
        random.nextBytes(bytes);
        String path = "/file-" + i;
        files.add(bytes);
        order.add(path);
        ingest.add(path, i % 3 == 0 ? -1 : bytes.length, stream(bytes));
      }
      ingest.add("/again", files.get(7).length, stream(files.get(7)));
      ingest.same("/link", "/file-8");
      result = ingest.finish();
    }
    order.add("/again");
    order.add("/link");
    assertThat(result.files()).extracting(StoredFile::path).containsExactlyElementsOf(order);
    assertThat(result.newBlobs())
        .isEqualTo((int) files.stream().map(Digest::of).distinct().count());
    for (StoredFile file : result.files().subList(0, 350)) {
      byte[] expected = files.get(Integer.parseInt(file.path().substring(6)));
      assertThat(file.digest()).isEqualTo(Digest.of(expected));
      assertThat(file.size()).isEqualTo(expected.length);
      if (file.path().endsWith("3")) {
        assertThat(blobs.read(file.digest())).isEqualTo(expected);
      }
    }
    assertThat(result.files().getLast().digest()).isEqualTo(Digest.of(files.get(8)));

    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      for (byte[] file : files) {
        ingest.add("/" + Digest.of(file), -1, stream(file));
      }
      assertThat(ingest.finish().newBlobs()).isZero();
    }
  }

  @Test
  void storesLargeFilesAtAKeyOfTheirOwnAndGivesUpWhatIsKnown() throws IOException {
    byte[] large = random(1, 2 * MemoryPool.PART + 12345);
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      ingest.add("/large", large.length, stream(large));
      ingest.add("/exact", -1, stream(random(2, MemoryPool.PART)));
      ingest.add("/longer-than-declared", 10, stream(random(3, 2000)));
      ingest.add("/shorter-than-declared", 5000, stream(random(4, 2000)));
      Ingest.Result result = ingest.finish();
      assertThat(result.files())
          .extracting(StoredFile::size)
          .containsExactly((long) large.length, (long) MemoryPool.PART, 2000L, 2000L);
      assertThat(result.newBytes()).isEqualTo(large.length + MemoryPool.PART + 4000L);
    }
    Digest digest = Digest.of(large);
    assertThat(blobs.object(digest)).startsWith(BlobKey.UPLOADED);
    assertThat(blobs.read(digest)).isEqualTo(large);
    try (BlobContent part = blobs.store().open(digest, new ByteRange(100, 199)).orElseThrow()) {
      assertThat(part.length()).isEqualTo(100);
      assertThat(part.stream().readAllBytes())
          .isEqualTo(java.util.Arrays.copyOfRange(large, 100, 200));
    }

    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      ingest.add("/large", -1, stream(large));
      assertThat(ingest.finish().newBlobs()).isZero();
    }
    assertThat(blobs.bucket().unfinishedUploads("blobs/")).isEmpty();
    assertThat(
            blobs.bucket().list(BlobKey.UPLOADED, null).objects().stream()
                .filter(it -> it.size() == large.length))
        .hasSize(1);
  }

  @Test
  void aRangeIsCutAtTheEndAndRefusedBeyondIt() throws IOException {
    byte[] bytes = random(5, 1000);
    blobs.store().put(Digest.of(bytes), 1000, stream(bytes));
    try (BlobContent part =
        blobs.store().open(Digest.of(bytes), new ByteRange(990, 5000)).orElseThrow()) {
      assertThat(part.length()).isEqualTo(10);
      assertThat(part.size()).isEqualTo(1000);
    }
    assertThatThrownBy(() -> blobs.store().open(Digest.of(bytes), new ByteRange(1000, 1001)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(blobs.store().open(Digest.of(random(6, 3)), null)).isEmpty();
  }

  @Test
  void putVerifiesSizeAndDigest() throws IOException {
    for (int size : List.of(0, 1, 70_000, MemoryPool.PART, MemoryPool.PART + 1, 20_000_000)) {
      byte[] right = random(size + 77, size);
      byte[] wrong = random(size + 78, size);
      Digest digest = Digest.of(right);
      if (size > 0) {
        assertThatThrownBy(() -> blobs.store().put(digest, size, stream(wrong)))
            .isInstanceOf(BlobMismatchException.class)
            .hasMessageContaining(Digest.of(wrong).hex());
        assertThatThrownBy(() -> blobs.store().put(digest, size, stream(random(3, size - 1))))
            .isInstanceOf(BlobMismatchException.class);
      }
      assertThatThrownBy(() -> blobs.store().put(digest, size, stream(random(3, size + 1))))
          .isInstanceOf(BlobMismatchException.class);
      assertThat(blobs.recorded(digest)).isFalse();
      assertThat(blobs.store().put(digest, size, stream(right))).isTrue();
      assertThat(blobs.store().put(digest, size, stream(right))).isFalse();
      assertThat(blobs.read(digest)).isEqualTo(right);
    }
    assertThat(blobs.bucket().unfinishedUploads("blobs/")).isEmpty();
    assertMemoryIsBack();
  }

  @Test
  void aCutStreamLeavesNothingButUnreferencedBlobs() {
    byte[] start = random(9, MemoryPool.PART + 5);
    Ingest ingest = blobs.store().ingest(HeldBlobs.NONE);
    try (ingest) {
      ingest.add("/a", 9, stream("unfinished".getBytes(UTF_8)));
      assertThatThrownBy(() -> ingest.add("/cut", -1, cutAfter(start)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> ingest.add("/cut2", 50, cutAfter(random(8, 20))))
          .isInstanceOf(IOException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(blobs.bucket().unfinishedUploads("blobs/")).isEmpty();
    assertThat(blobs.recorded(Digest.of(start))).isFalse();
    assertMemoryIsBack();
  }

  @Test
  void publicationsAtTheSameTimeShareMemoryAndBlobs() throws Exception {
    List<byte[]> files =
        IntStream.range(0, 60)
            .mapToObj(i -> random(1000 + i, i % 10 == 0 ? 900_000 : 500))
            .toList();
    var created = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 12; i++) {
        Callable<Integer> publication =
            () -> {
              try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
                for (byte[] file : files) {
                  ingest.add("/" + Digest.of(file), -1, stream(file));
                }
                return ingest.finish().newBlobs();
              }
            };
        created.add(threads.submit(publication));
      }
    }
    int total = 0;
    for (Future<Integer> count : created) {
      total += count.get();
    }
    assertThat(total).as("each blob is new to at least one").isGreaterThanOrEqualTo(60);
    for (byte[] file : files) {
      assertThat(blobs.read(Digest.of(file))).isEqualTo(file);
    }
    assertMemoryIsBack();
  }

  @Test
  void findingRefreshesTheTimeOfUseOnceADay() throws IOException {
    byte[] bytes = random(21, 100);
    Digest digest = Digest.of(bytes);
    blobs.store().put(digest, 100, stream(bytes));
    var first = blobs.record(digest).touchedAt();
    blobs.clock.advance(Duration.ofHours(23));
    assertThat(blobs.store().find(List.of(digest, Digest.of(random(22, 1)))))
        .containsOnlyKeys(digest);
    assertThat(blobs.record(digest).touchedAt()).isEqualTo(first);
    blobs.clock.advance(Duration.ofHours(2));
    assertThat(blobs.store().find(List.of(digest))).containsOnlyKeys(digest);
    assertThat(blobs.record(digest).touchedAt())
        .isEqualTo(
            first.plus(Duration.ofHours(25)).truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
  }

  @Test
  void whatWasForgottenCountsAsMissingAndIsStoredAnew() throws IOException {
    byte[] bytes = random(31, 100);
    Digest digest = Digest.of(bytes);
    blobs.store().put(digest, 100, stream(bytes));
    String before = blobs.object(digest);
    blobs.forget(digest);
    assertThat(blobs.store().find(List.of(digest))).isEmpty();
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      ingest.add("/a", 100, stream(bytes));
      assertThat(ingest.finish().newBlobs()).isEqualTo(1);
    }
    assertThat(blobs.object(digest)).isNotEqualTo(before);
    blobs.bucket().delete(List.of(before));
    assertThat(blobs.read(digest)).isEqualTo(bytes);
  }

  @Test
  void smallFilesShareAPackAndEachIsReadOutOfIt() throws IOException {
    var files = new ArrayList<byte[]>();
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      for (int i = 0; i < 30; i++) {
        files.add(random(500 + i, 100 + i * 100));
        ingest.add("/" + i, files.getLast().length, stream(files.getLast()));
      }
      ingest.finish();
    }
    assertThat(files.stream().map(file -> blobs.object(Digest.of(file))).distinct())
        .hasSize(1)
        .allMatch(key -> key.startsWith(BlobKey.PACKS));
    for (byte[] file : files) {
      assertThat(blobs.read(Digest.of(file))).isEqualTo(file);
    }
    Digest middle = Digest.of(files.get(20));
    try (BlobContent part = blobs.store().open(middle, new ByteRange(2090, 9999)).orElseThrow()) {
      assertThat(part.stream().readAllBytes())
          .as("a range is cut at the end of the blob, not of the pack")
          .isEqualTo(java.util.Arrays.copyOfRange(files.get(20), 2090, 2100));
    }
  }

  @Test
  void anUploadThatCollectionTookForAbandonedFailsAndNamesNothing() throws IOException {
    byte[] large = random(41, MemoryPool.PART + 1);
    BlobRecords records = blobs.bean(BlobRecords.class);
    String key = records.startUpload();
    blobs.bucket().put(key, dev.portico.content.s3.Bytes.of(large), BlobKey.TYPE);
    records.dropUpload(key);
    BlobRecord late =
        BlobRecord.stored(Digest.of(large), Extent.whole(key, large.length), records.now());
    assertThatThrownBy(() -> records.complete(late))
        .isInstanceOf(BlobStorageException.class)
        .hasMessageContaining("given up");
    assertThat(blobs.recorded(Digest.of(large))).isFalse();
  }

  @Test
  void twoUploadsOfOneLargeBlobKeepOneObject() {
    byte[] large = random(42, MemoryPool.PART + 1);
    BlobRecords records = blobs.bean(BlobRecords.class);
    var keys = new ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      String key = records.startUpload();
      blobs.bucket().put(key, dev.portico.content.s3.Bytes.of(large), BlobKey.TYPE);
      keys.add(key);
      BlobRecord record =
          BlobRecord.stored(Digest.of(large), Extent.whole(key, large.length), records.now());
      assertThat(records.complete(record)).isEqualTo(i == 0);
    }
    assertThat(blobs.object(Digest.of(large))).isEqualTo(keys.get(0));
    assertThat(blobs.bucket().head(keys.get(1))).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(keys.get(1)))).isEmpty();
  }

  @Test
  void aFailureOfS3FailsTheIngestAndGivesTheMemoryBack() {
    try (var broken = new BlobFixture(Map.of("portico.s3.timeout", "2s"))) {
      blobsOf(broken);
    }
  }

  private static void blobsOf(BlobFixture broken) {
    broken.bucket().close();
    try (Ingest ingest = broken.store().ingest(HeldBlobs.NONE)) {
      ingest.add("/a", 3, stream("abc".getBytes(UTF_8)));
      assertThatThrownBy(ingest::finish).isInstanceOf(BlobStorageException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(broken.store().memory().free()).isEqualTo(48L << 20);
  }

  private static void assertMemoryIsBack() {
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(blobs.store().memory().free()).isEqualTo(48L << 20));
  }
}
