package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import dev.portico.content.blob.VariantQueue.Request;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Write;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class VariantsIT {
  private static final String HTML = "text/html; charset=utf-8";

  private static Digest store(BlobFixture blobs, byte[] bytes) throws IOException {
    blobs.store().put(Digest.of(bytes), bytes.length, new ByteArrayInputStream(bytes));
    return Digest.of(bytes);
  }

  private static void make(BlobFixture blobs, Digest digest) {
    VariantMaker maker = blobs.bean(VariantMaker.class);
    maker.store(maker.make(digest).stream().toList());
  }

  private static byte[] decode(Coding coding, byte[] bytes) throws IOException {
    Brotli4jLoader.ensureAvailability();
    var packed = new ByteArrayInputStream(bytes);
    try (InputStream in =
        switch (coding) {
          case BR -> new BrotliInputStream(packed);
          case ZSTD -> new ZstdInputStream(packed);
          case GZIP -> new GZIPInputStream(packed);
        }) {
      return in.readAllBytes();
    }
  }

  @Test
  void madeOnceInTheBackgroundAndKeptWhenSmaller() throws IOException {
    try (var blobs =
        new BlobFixture(
            Map.of("portico.blob.variants.enabled", true, "portico.blob.variants.quiet", "1ms"))) {
      blobs.bean(VariantWorker.class).start();
      byte[] text = "<p>All work and no play.</p>\n".repeat(200).getBytes(UTF_8);
      byte[] noise = new byte[5000];
      new Random(1).nextBytes(noise);
      byte[] image = "not really compressed ".repeat(100).getBytes(UTF_8);
      Digest compressible = store(blobs, text);
      Digest random = store(blobs, noise);
      Digest png = store(blobs, image);
      Digest tiny = store(blobs, "tiny".getBytes(UTF_8));
      blobs
          .bean(VariantQueue.class)
          .request(
              List.of(
                  new Request(compressible, text.length, HTML),
                  new Request(random, noise.length, HTML),
                  new Request(png, image.length, "image/png"),
                  new Request(tiny, 4, HTML)));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(blobs.record(compressible).variantsComplete()).isTrue();
                assertThat(blobs.record(random).variantsComplete()).isTrue();
                assertThat(blobs.bean(StoredVariantQueue.class).claim()).isEmpty();
              });
      assertThat(blobs.record(random).variants()).isEmpty();
      assertThat(blobs.record(png).variantsComplete()).isFalse();
      assertThat(blobs.record(tiny).variantsComplete()).isFalse();
      assertThat(blobs.record(compressible).variants()).containsOnlyKeys(Coding.values());
      for (Coding coding : Coding.values()) {
        byte[] packed = blobs.readVariant(compressible, coding);
        assertThat(blobs.variant(compressible, coding).length()).isEqualTo(packed.length);
        assertThat(decode(coding, packed)).isEqualTo(text);
      }
    }
  }

  @Test
  void workOfADeadCopyIsTakenOverWhenItsClaimEnds() throws IOException {
    try (var blobs = new BlobFixture()) {
      byte[] text = "hello ".repeat(500).getBytes(UTF_8);
      Digest digest = store(blobs, text);
      StoredVariantQueue queue = blobs.bean(StoredVariantQueue.class);
      queue.request(List.of(new Request(digest, text.length, HTML)));
      StoredVariantQueue.Claim dead = queue.claim().orElseThrow();
      assertThat(queue.claim()).as("one at a time").isEmpty();
      blobs.clock.advance(Duration.ofMinutes(6));
      StoredVariantQueue.Claim next = queue.claim().orElseThrow();
      assertThat(next.digests()).containsExactly(digest);
      assertThat(queue.renew(dead)).isFalse();
      queue.done(dead);
      make(blobs, digest);
      assertThat(blobs.record(digest).variantsComplete()).isTrue();
      queue.done(next);
      blobs.clock.advance(Duration.ofMinutes(6));
      assertThat(queue.claim()).isEmpty();
      assertThat(blobs.store().find(List.of(digest)))
          .as("done once per digest")
          .containsEntry(digest, new BlobFacts(digest, text.length, true));
      try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
        ingest.add("again", text.length, new ByteArrayInputStream(text));
        ingest.add("new", 3, new ByteArrayInputStream("new".getBytes(UTF_8)));
        assertThat(ingest.finish().withoutVariants())
            .containsExactly(Digest.of("new".getBytes(UTF_8)));
      }
    }
  }

  /** A blob whose variants cannot be made, among others. */
  private static Item broken(BlobFixture blobs, byte[] bytes) throws IOException {
    Digest digest = store(blobs, bytes);
    Item record = blobs.table().get(BlobRecord.key(digest)).orElseThrow();
    blobs.bean(VariantQueue.class).request(List.of(new Request(digest, bytes.length, HTML)));
    blobs.table().write(Write.put(record.without(BlobRecord.OBJECT)));
    return record;
  }

  private static VariantWorker worker(BlobFixture blobs) {
    var worker =
        new VariantWorker(
            blobs.bean(StoredVariantQueue.class),
            blobs.bean(VariantMaker.class),
            blobs.store(),
            blobs.bean(VariantSettings.class),
            blobs.bean(WorkMeters.class));
    worker.start();
    return worker;
  }

  private static List<Item> queued(BlobFixture blobs) {
    return blobs.table().query(Query.of("VARIANTS").limit(20)).items();
  }

  private static final Map<String, Object> EAGER =
      Map.of("portico.blob.variants.quiet", "1ms", "portico.blob.variants.poll", "50ms");

  @Test
  void whatFailedIsTriedAgainLater() throws IOException {
    try (var blobs = new BlobFixture(EAGER)) {
      byte[] text = "hello ".repeat(500).getBytes(UTF_8);
      Item whole = broken(blobs, text);
      Digest digest = Digest.of(text);
      VariantWorker worker = worker(blobs);
      try {
        Awaitility.await()
            .until(() -> queued(blobs).stream().anyMatch(it -> it.number("attempts", 0) == 1));
        blobs.table().write(Write.put(whole));
        blobs.clock.advance(Duration.ofMinutes(2));
        Awaitility.await().until(() -> blobs.record(digest).variantsComplete());
        Awaitility.await().until(() -> queued(blobs).isEmpty());
      } finally {
        worker.stop();
      }
    }
  }

  @Test
  void whatFailsForEverIsGivenUp() throws IOException {
    try (var blobs = new BlobFixture(EAGER)) {
      broken(blobs, "hello ".repeat(500).getBytes(UTF_8));
      VariantWorker worker = worker(blobs);
      try {
        for (int attempt = 1; attempt < 5; attempt++) {
          int expected = attempt;
          Awaitility.await()
              .until(
                  () ->
                      queued(blobs).stream().anyMatch(it -> it.number("attempts", 0) == expected));
          blobs.clock.advance(Duration.ofMinutes(10));
        }
        Awaitility.await().until(() -> queued(blobs).isEmpty());
      } finally {
        worker.stop();
      }
    }
  }

  /** So many small texts, stored together. */
  private static List<Request> texts(BlobFixture blobs, int count, int repeated)
      throws IOException {
    var requests = new ArrayList<Request>();
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      for (int i = 0; i < count; i++) {
        byte[] text = ("text " + i + " ").repeat(repeated).getBytes(UTF_8);
        ingest.add("/" + i, text.length, new ByteArrayInputStream(text));
        requests.add(new Request(Digest.of(text), text.length, HTML));
      }
      ingest.finish();
    }
    return requests;
  }

  @Test
  void whatKillsTheProcessIsFoundAndSetAside() throws IOException {
    try (var blobs = new BlobFixture()) {
      StoredVariantQueue queue = blobs.bean(StoredVariantQueue.class);
      List<Request> requests = texts(blobs, 100, 200);
      Digest poison = requests.get(42).digest();
      queue.request(requests);
      int deaths = 0;
      var ended = new ArrayList<Digest>();
      for (var claim = queue.claim(); claim.isPresent(); claim = queue.claim()) {
        List<Digest> digests = claim.get().digests();
        if (digests.contains(poison)) {
          deaths++;
          blobs.clock.advance(Duration.ofMinutes(6));
        } else {
          ended.addAll(digests);
          queue.done(claim.get());
        }
      }
      assertThat(deaths).isEqualTo(5);
      assertThat(ended).doesNotHaveDuplicates().hasSize(99);
      assertThat(queued(blobs)).isEmpty();
      assertThat(blobs.record(poison).variantsComplete()).isTrue();
      assertThat(blobs.record(poison).variants()).isEmpty();
      assertThat(blobs.table().get(BlobRecord.key(poison)).orElseThrow().number("variantsGivenUp"))
          .isEqualTo(5);
      assertThat(blobs.bean(VariantMaker.class).make(poison)).as("never again").isEmpty();
    }
  }

  @Test
  void whatKillsTheProcessAndIsForgottenMeanwhileLeavesTheQueue() throws IOException {
    try (var blobs = new BlobFixture()) {
      StoredVariantQueue queue = blobs.bean(StoredVariantQueue.class);
      List<Request> requests = texts(blobs, 1, 200);
      queue.request(requests);
      blobs.forget(requests.getFirst().digest());
      for (int death = 0; death < 5; death++) {
        assertThat(queue.claim()).isPresent();
        blobs.clock.advance(Duration.ofMinutes(6));
      }
      assertThat(queue.claim()).isEmpty();
      assertThat(queued(blobs)).isEmpty();
      assertThat(blobs.recorded(requests.getFirst().digest())).isFalse();
    }
  }

  @Test
  void aSmallRequestWaitsForAPieceOfALargeOneAndNotForAllOfIt() {
    try (var blobs = new BlobFixture()) {
      StoredVariantQueue queue = blobs.bean(StoredVariantQueue.class);
      List<Request> large =
          IntStream.range(0, 1_500)
              .mapToObj(i -> new Request(Digest.of(("large" + i).getBytes(UTF_8)), 1_000, HTML))
              .toList();
      Request small = new Request(Digest.of("small".getBytes(UTF_8)), 1_000, HTML);
      queue.request(large);
      blobs.clock.advance(Duration.ofSeconds(1));
      queue.request(List.of(small));
      assertThat(queue.claim().orElseThrow().digests()).hasSize(500);
      assertThat(queue.claim().orElseThrow().digests()).containsExactly(small.digest());
      assertThat(queue.claim().orElseThrow().digests()).hasSize(500);
    }
  }

  @Test
  void aWorkerThatStopsGivesBackWhatItHasNotDone() throws IOException {
    try (var blobs = new BlobFixture(EAGER)) {
      blobs.bean(StoredVariantQueue.class).request(texts(blobs, 400, 10_000));
      VariantWorker worker = worker(blobs);
      Awaitility.await().until(() -> queued(blobs).stream().anyMatch(it -> it.has("claim")));
      worker.stop();
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(queued(blobs))
                      .singleElement()
                      .satisfies(it -> assertThat(it.has("claim")).isFalse())
                      .satisfies(it -> assertThat(it.number("attempts", 0)).isZero()));
    }
  }

  @Test
  void aForgottenBlobGetsNoVariants() throws IOException {
    try (var blobs = new BlobFixture()) {
      Digest digest = store(blobs, "hello ".repeat(500).getBytes(UTF_8));
      VariantMaker maker = blobs.bean(VariantMaker.class);
      var made = maker.make(digest).stream().toList();
      assertThat(made).hasSize(1);
      blobs.forget(digest);
      maker.store(made);
      assertThat(blobs.recorded(digest)).isFalse();
      assertThat(maker.make(digest)).isEmpty();
    }
  }

  @Test
  void variantsOfManyBlobsShareAPack() throws IOException {
    try (var blobs = new BlobFixture()) {
      VariantMaker maker = blobs.bean(VariantMaker.class);
      var made = new ArrayList<VariantMaker.Made>();
      var texts = new ArrayList<byte[]>();
      for (int i = 0; i < 4; i++) {
        texts.add(("text " + i + " ").repeat(400).getBytes(UTF_8));
        maker.make(store(blobs, texts.getLast())).ifPresent(made::add);
      }
      maker.store(made);
      assertThat(
              texts.stream()
                  .flatMap(text -> blobs.record(Digest.of(text)).variants().values().stream())
                  .map(Extent::object)
                  .distinct())
          .hasSize(1);
      for (byte[] text : texts) {
        for (Coding coding : Coding.values()) {
          assertThat(decode(coding, blobs.readVariant(Digest.of(text), coding))).isEqualTo(text);
        }
      }
    }
  }
}
