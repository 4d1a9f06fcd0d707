package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlobCollectorIT {
  private static final Duration GRACE = Duration.ofDays(36);

  private final BlobFixture blobs = new BlobFixture();
  private final Set<Digest> live = ConcurrentHashMap.newKeySet();
  private final BlobCollector collector = collector(live::forEach);

  @AfterEach
  void close() {
    blobs.close();
  }

  private BlobCollector collector(LiveDigests references) {
    return new BlobCollector(
        blobs.bucket(),
        blobs.table(),
        blobs.bean(BlobRecords.class),
        blobs.bean(Packs.class),
        blobs.bean(Leases.class),
        List.of(references),
        blobs.bean(CollectionSettings.class),
        blobs.clock);
  }

  private static Digest digest(String content) {
    return Digest.of(content.getBytes(UTF_8));
  }

  private Digest store(String content) {
    byte[] bytes = content.getBytes(UTF_8);
    try {
      blobs.store().put(Digest.of(bytes), bytes.length, new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Digest.of(bytes);
  }

  /** Stores all of these, those that are not stored yet in one pack. */
  private void ingest(String... contents) {
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      for (String content : contents) {
        byte[] bytes = content.getBytes(UTF_8);
        ingest.add("/" + content, bytes.length, new ByteArrayInputStream(bytes));
      }
      ingest.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Digest storeLarge(int seed) throws IOException {
    byte[] bytes = new byte[MemoryPool.PART + 1];
    new java.util.Random(seed).nextBytes(bytes);
    Digest digest = Digest.of(bytes);
    blobs.store().put(digest, bytes.length, new ByteArrayInputStream(bytes));
    return digest;
  }

  private BlobCollector.Report run() {
    blobs.clock.advance(Duration.ofDays(2));
    return collector.runIfDue().orElseThrow();
  }

  private BlobCollector.Report runAfterTheGrace() {
    blobs.clock.advance(GRACE);
    return run();
  }

  private boolean inBucket(String object) {
    return blobs.bucket().head(object).isPresent();
  }

  @Test
  void forgetsWhatNothingRefersToAndDeletesItsObjectAGraceLater() throws IOException {
    Digest used = store("used");
    Digest unused = store("unused");
    Digest large = storeLarge(1);
    String usedObject = blobs.object(used);
    String unusedObject = blobs.object(unused);
    String largeObject = blobs.object(large);
    live.add(used);
    assertThat(run().forgotten()).as("younger than the grace").isZero();
    blobs.clock.advance(GRACE);
    Digest recent = store("recent");
    BlobCollector.Report first = run();
    assertThat(first.forgotten()).isEqualTo(2);
    assertThat(first.retired()).isEqualTo(2);
    assertThat(first.deleted()).isZero();
    assertThat(blobs.store().open(unused, null)).isEmpty();
    assertThat(run().deleted()).as("a restored table may still name them").isZero();
    assertThat(inBucket(unusedObject)).isTrue();
    assertThat(inBucket(largeObject)).isTrue();
    live.add(recent);
    BlobCollector.Report last = runAfterTheGrace();
    assertThat(last.deleted()).isEqualTo(2);
    assertThat(inBucket(unusedObject)).isFalse();
    assertThat(inBucket(largeObject)).isFalse();
    assertThat(blobs.table().get(RetiredObject.key(unusedObject))).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(largeObject))).isEmpty();
    assertThat(inBucket(usedObject)).isTrue();
    assertThat(blobs.recorded(used)).isTrue();
    assertThat(blobs.recorded(recent)).isTrue();
    assertThat(run()).isEqualTo(new BlobCollector.Report(2, 0, 0, 0, 0, 0));
  }

  @Test
  void aTableRestoredToAnyTimeWithinTheGraceFindsItsObjects() throws IOException {
    Digest digest = store("restored");
    BlobRecord before = blobs.record(digest);
    assertThat(runAfterTheGrace().forgotten()).isEqualTo(1);
    blobs.clock.advance(Duration.ofDays(30));
    assertThat(run().deleted()).isZero();
    // What a restored table holds again: the record, and a deployment that refers to it.
    blobs.bean(BlobRecords.class).put(List.of(before));
    live.add(digest);
    assertThat(runAfterTheGrace().deleted()).isZero();
    assertThat(runAfterTheGrace().deleted()).isZero();
    assertThat(blobs.read(digest)).isEqualTo("restored".getBytes(UTF_8));
  }

  @Test
  void anEarlierTableDoesNotMakeLargeBlobsOfLaterDaysGoAtOnce() throws IOException {
    Digest large = storeLarge(3);
    BlobRecord record = blobs.record(large);
    Item upload = blobs.table().get(UploadRecord.key(record.extent().object())).orElseThrow();
    // The table as it was before the upload.
    blobs.forget(large);
    blobs.table().write(Write.delete(upload.key()));
    blobs.clock.advance(Duration.ofDays(10));
    assertThat(run().retired()).isEqualTo(1);
    assertThat(run().deleted()).isZero();
    // And as it was after it, again.
    blobs.bean(BlobRecords.class).put(List.of(record));
    blobs.table().write(Write.put(upload));
    live.add(large);
    runAfterTheGrace();
    assertThat(Digest.of(blobs.read(large))).isEqualTo(large);
  }

  @Test
  void aPackStaysForTheSakeOfOneAndIsWrittenAnewWhenLittleOfItIsLeft() throws IOException {
    String small = "small";
    String half = "half".repeat(30);
    String rest = "rest".repeat(40);
    ingest(small, half, rest);
    String pack = blobs.object(digest(small));
    live.addAll(Set.of(digest(small), digest(rest)));
    assertThat(runAfterTheGrace())
        .as("more than half of it is used")
        .isEqualTo(new BlobCollector.Report(2, 1, 0, 0, 0, 0));
    assertThat(blobs.object(digest(small))).isEqualTo(pack);
    live.remove(digest(rest));
    assertThat(run()).isEqualTo(new BlobCollector.Report(1, 1, 1, 0, 0, 0));
    assertThat(blobs.object(digest(small))).isNotEqualTo(pack).startsWith(BlobKey.PACKS);
    assertThat(blobs.read(digest(small))).isEqualTo(small.getBytes(UTF_8));
    assertThat(run().retired()).isEqualTo(1);
    assertThat(inBucket(pack)).as("the record of an earlier time names it").isTrue();
    assertThat(runAfterTheGrace().deleted()).isEqualTo(1);
    assertThat(inBucket(pack)).isFalse();
    assertThat(blobs.read(digest(small))).isEqualTo(small.getBytes(UTF_8));
  }

  @Test
  void variantsGoAndMoveWithTheirBlobs() throws IOException {
    String kept = "kept ".repeat(100);
    String gone = "gone and forgotten ".repeat(3000);
    ingest(kept, gone);
    VariantMaker maker = blobs.bean(VariantMaker.class);
    maker.store(
        List.of(maker.make(digest(kept)).orElseThrow(), maker.make(digest(gone)).orElseThrow()));
    String pack = blobs.variant(digest(kept), Coding.BR).object();
    byte[] brotli = blobs.readVariant(digest(kept), Coding.BR);
    live.add(digest(kept));
    BlobCollector.Report report = runAfterTheGrace();
    assertThat(report.forgotten()).isEqualTo(1);
    assertThat(report.repacked()).as("the blobs' pack, the variants' pack").isEqualTo(2);
    assertThat(blobs.record(digest(kept)).variants()).containsOnlyKeys(Coding.values());
    assertThat(blobs.record(digest(kept)).variants().values())
        .allMatch(extent -> !extent.object().equals(pack));
    assertThat(blobs.readVariant(digest(kept), Coding.BR)).isEqualTo(brotli);
    run();
    assertThat(runAfterTheGrace().deleted()).isEqualTo(2);
    assertThat(inBucket(pack)).isFalse();
    assertThat(blobs.readVariant(digest(kept), Coding.BR)).isEqualTo(brotli);
    assertThat(blobs.read(digest(kept))).isEqualTo(kept.getBytes(UTF_8));
  }

  @Test
  void aPackThatCannotBeReadStaysAndDoesNotStopTheOthers() {
    Digest unused = store("unused");
    String damaged = BlobKey.freshPack();
    blobs.bucket().put(damaged, Bytes.of("no pack".getBytes(UTF_8)), BlobKey.TYPE);
    String empty = BlobKey.freshPack();
    blobs.bucket().put(empty, Bytes.of(new byte[0]), BlobKey.TYPE);
    Digest odd = store("its record is damaged");
    String holding = blobs.object(odd);
    Item record = blobs.table().get(BlobRecord.key(odd)).orElseThrow();
    blobs.table().write(Write.put(record.without(BlobRecord.SIZE)));
    assertThat(runAfterTheGrace().forgotten()).isEqualTo(1);
    runAfterTheGrace();
    assertThat(List.of(damaged, empty, holding)).allMatch(this::inBucket);
    assertThat(blobs.recorded(unused)).isFalse();
  }

  @Test
  void aDamagedBlobIsNotMoved() throws IOException {
    String small = "small";
    ingest(small, "other".repeat(10));
    String pack = blobs.object(digest(small));
    byte[] bytes;
    try (var object = blobs.bucket().get(pack).orElseThrow()) {
      bytes = object.stream().readAllBytes();
    }
    bytes[(int) blobs.record(digest(small)).extent().offset()] ^= 1;
    blobs.bucket().put(pack, Bytes.of(bytes), BlobKey.TYPE);
    live.add(digest(small));
    assertThat(runAfterTheGrace().repacked()).isZero();
    assertThat(blobs.object(digest(small))).isEqualTo(pack);
    assertThat(inBucket(pack)).isTrue();
  }

  @Test
  void aBlobInUseThatHasLostItsRecordKeepsItsBytes() throws IOException {
    Digest lost = store("lost");
    Digest large = storeLarge(2);
    List<String> objects = List.of(blobs.object(lost), blobs.object(large));
    blobs.forget(lost);
    blobs.forget(large);
    live.addAll(List.of(lost, large));
    assertThat(runAfterTheGrace().retired()).isZero();
    assertThat(runAfterTheGrace().deleted()).isZero();
    assertThat(objects).allMatch(this::inBucket);
  }

  @Test
  void theLeaseIsHeldWhileManifestsAreRead() {
    List<Digest> used = List.of(store("1"), store("2"), store("3"), store("4"), store("5"));
    Leases leases = blobs.bean(Leases.class);
    BlobCollector slow =
        collector(
            visitor ->
                used.forEach(
                    digest -> {
                      blobs.clock.advance(Duration.ofMinutes(4));
                      visitor.accept(digest);
                      assertThat(leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(1)))
                          .isEmpty();
                    }));
    assertThat(slow.runIfDue()).isPresent();
  }

  @Test
  void anUploadBeforeTheRecordIsForgottenWins() throws IOException {
    Digest digest = store("raced");
    String object = blobs.object(digest);
    collector.observe(
        step -> {
          if (step.startsWith("forget")) {
            ingest("raced");
          }
        });
    assertThat(runAfterTheGrace().forgotten()).isZero();
    assertThat(blobs.object(digest)).isEqualTo(object);
    assertThat(run().retired()).isZero();
    assertThat(blobs.read(digest)).isEqualTo("raced".getBytes(UTF_8));
  }

  @Test
  void anUploadAfterTheRecordIsForgottenStoresAnew() throws IOException {
    Digest digest = store("raced");
    String object = blobs.object(digest);
    assertThat(runAfterTheGrace().forgotten()).isEqualTo(1);
    collector.observe(
        step -> {
          if (step.startsWith("delete")) {
            ingest("raced");
          }
        });
    assertThat(runAfterTheGrace().deleted()).isEqualTo(1);
    assertThat(inBucket(object)).isFalse();
    assertThat(blobs.object(digest)).isNotEqualTo(object);
    assertThat(blobs.read(digest)).isEqualTo("raced".getBytes(UTF_8));
  }

  @Test
  void anUploadThatLookedBeforeAndTouchesAfterwardsLearnsThatItIsGone() {
    Digest digest = store("between");
    blobs.clock.advance(GRACE);
    BlobRecord seen = blobs.record(digest);
    assertThat(run().forgotten()).isEqualTo(1);
    BlobRecords records = blobs.bean(BlobRecords.class);
    assertThat(records.touch(List.of(seen))).containsExactly(digest);
    assertThat(blobs.recorded(digest)).as("touching makes no record").isFalse();
  }

  @Test
  void anUploadWhileAPackIsWrittenAnewKeepsItsOwnRecord() throws IOException {
    ingest("small", "other".repeat(10));
    Digest small = digest("small");
    live.add(small);
    var uploaded = new AtomicReference<String>();
    collector.observe(
        step -> {
          if (step.startsWith("repack")) {
            blobs.forget(small);
            ingest("small");
            uploaded.set(blobs.object(small));
          }
        });
    assertThat(runAfterTheGrace().repacked()).isEqualTo(1);
    String own = uploaded.get();
    assertThat(blobs.object(small)).isEqualTo(own);
    collector.observe(step -> {});
    runAfterTheGrace();
    runAfterTheGrace();
    assertThat(blobs.object(small)).isEqualTo(own);
    assertThat(blobs.bucket().list(BlobKey.PACKS, null).objects())
        .as("neither the old pack nor the copy that nobody named")
        .singleElement()
        .satisfies(it -> assertThat(it.key()).isEqualTo(own));
    assertThat(blobs.read(small)).isEqualTo("small".getBytes(UTF_8));
  }

  @Test
  void aPackWithoutRecordsIsRetiredFirst() {
    byte[] bytes = "orphan".getBytes(UTF_8);
    Packs packs = blobs.bean(Packs.class);
    String object =
        packs
            .write(List.of(new Pack.Content(Digest.of(bytes), null, Bytes.of(bytes))))
            .getFirst()
            .object();
    assertThat(run().retired()).as("its writer may be about to name it").isZero();
    assertThat(runAfterTheGrace().retired()).isEqualTo(1);
    assertThat(inBucket(object)).isTrue();
    assertThat(runAfterTheGrace().deleted()).isEqualTo(1);
    assertThat(inBucket(object)).isFalse();
  }

  @Test
  void aStaleHolderCanDoNothing() {
    Digest digest = store("fenced");
    blobs.clock.advance(GRACE);
    Leases leases = blobs.bean(Leases.class);
    Lease stale = leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(10)).orElseThrow();
    var taken = new AtomicBoolean();
    collector.observe(
        step -> {
          if (step.startsWith("forget") && taken.compareAndSet(false, true)) {
            blobs.clock.advance(Duration.ofMinutes(11));
            assertThat(leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(10))).isPresent();
          }
        });
    assertThatThrownBy(() -> collector.run(stale)).isInstanceOf(BlobStorageException.class);
    assertThat(taken).isTrue();
    assertThat(blobs.recorded(digest)).isTrue();
  }

  @Test
  void whatADeadHolderLeftIsFinishedByTheNext() {
    String first = blobs.object(store("dead-1"));
    String second = blobs.object(store("dead-2"));
    runAfterTheGrace();
    var deletes = new AtomicInteger();
    collector.observe(
        step -> {
          if (step.startsWith("delete") && deletes.incrementAndGet() == 2) {
            throw new UnsupportedOperationException("killed");
          }
        });
    blobs.clock.advance(GRACE);
    Leases leases = blobs.bean(Leases.class);
    Lease dead = leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(10)).orElseThrow();
    assertThatThrownBy(() -> collector.run(dead)).hasMessage("killed");
    assertThat(leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(1)))
        .as("not before its lease ends")
        .isEmpty();
    collector.observe(step -> {});
    assertThat(run().deleted()).isEqualTo(1);
    assertThat(inBucket(first)).isFalse();
    assertThat(inBucket(second)).isFalse();
  }

  @Test
  void abandonedUploadsGoAway() throws IOException {
    BlobRecords records = blobs.bean(BlobRecords.class);
    String unfinished = records.startUpload();
    String id = blobs.bucket().startUpload(unfinished, "text/plain");
    blobs.bucket().uploadPart(unfinished, id, 1, Bytes.of(new byte[100]));
    String orphan = records.startUpload();
    blobs.bucket().put(orphan, Bytes.of(new byte[10]), "text/plain");
    BlobCollector.Report early = collector.runIfDue().orElseThrow();
    assertThat(early.aborted() + early.deleted()).isZero();
    blobs.clock.advance(Duration.ofDays(1));
    BlobCollector.Report late = run();
    assertThat(late.retired()).isEqualTo(1);
    assertThat(late.deleted()).as("another table may name it").isZero();
    assertThat(late.aborted()).isEqualTo(1);
    assertThat(runAfterTheGrace().deleted()).isEqualTo(1);
    assertThat(blobs.bucket().head(orphan)).isEmpty();
    assertThat(blobs.bucket().unfinishedUploads("blobs/")).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(orphan))).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(unfinished))).isEmpty();
  }

  @Test
  void aFailureToTellReferencesStopsTheRun() {
    Digest digest = store("unknown");
    blobs.clock.advance(GRACE);
    BlobCollector broken =
        collector(
            visitor -> {
              throw new IllegalStateException("no manifest");
            });
    assertThatThrownBy(broken::runIfDue).hasMessage("no manifest");
    assertThat(blobs.recorded(digest)).isTrue();
  }
}
