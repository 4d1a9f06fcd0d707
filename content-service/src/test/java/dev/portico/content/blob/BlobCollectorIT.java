package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.blob.BlobRecord.State;
import dev.portico.content.change.Lease;
import dev.portico.content.change.Leases;
import dev.portico.content.s3.BucketOver;
import dev.portico.content.s3.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlobCollectorIT {
  private static final Duration GRACE = Duration.ofDays(36);

  private final BlobFixture blobs = new BlobFixture();
  private final Set<Digest> live = ConcurrentHashMap.newKeySet();
  private final BlobCollector collector = collector();

  @AfterEach
  void close() {
    blobs.close();
  }

  private BlobCollector collector() {
    return new BlobCollector(
        blobs.bucket(),
        blobs.table(),
        blobs.bean(BlobRecords.class),
        blobs.bean(Leases.class),
        List.of(live::forEach),
        blobs.bean(CollectionSettings.class),
        blobs.clock);
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

  private void ingest(String content) {
    byte[] bytes = content.getBytes(UTF_8);
    try (Ingest ingest = blobs.store().ingest(HeldBlobs.NONE)) {
      ingest.add("/x", bytes.length, new ByteArrayInputStream(bytes));
      ingest.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BlobCollector.Report run() {
    blobs.clock.advance(Duration.ofDays(2));
    return collector.runIfDue().orElseThrow();
  }

  private boolean inBucket(Digest digest) {
    return blobs.bucket().head(BlobKey.standard(digest)).isPresent();
  }

  @Test
  void deletesInTwoStepsWhatNothingRefersToAfterTheGrace() {
    Digest used = store("used");
    Digest unused = store("unused");
    live.add(used);
    assertThat(run().marked()).as("younger than the grace").isZero();
    blobs.clock.advance(GRACE);
    Digest recent = store("recent");
    BlobCollector.Report first = run();
    assertThat(first.marked()).isEqualTo(1);
    assertThat(first.deleted()).isZero();
    assertThat(blobs.record(unused).state()).isEqualTo(State.DELETING);
    assertThat(inBucket(unused)).isTrue();
    assertThat(run().deleted()).isEqualTo(1);
    assertThat(inBucket(unused)).isFalse();
    assertThat(blobs.store().open(unused, null)).isEmpty();
    assertThat(blobs.record(unused).state()).isEqualTo(State.DELETED);
    assertThat(blobs.record(used).usable()).isTrue();
    assertThat(blobs.record(recent).usable()).isTrue();
    assertThat(inBucket(used)).isTrue();
  }

  @Test
  void aBlobThatCannotBeSavedDoesNotStopTheOthers() {
    Digest lost = store("lost");
    Digest unused = store("unused");
    blobs.clock.advance(GRACE);
    assertThat(run().marked()).isEqualTo(2);
    live.add(lost);
    collector.observe(
        step -> {
          if (step.startsWith("rescue")) {
            blobs.bucket().delete(List.of(BlobKey.standard(lost)));
          }
        });
    assertThat(run().deleted()).isEqualTo(1);
    assertThat(inBucket(unused)).isFalse();
  }

  @Test
  void theLeaseIsHeldWhileManifestsAreRead() {
    List<Digest> used = List.of(store("1"), store("2"), store("3"), store("4"), store("5"));
    Leases leases = blobs.bean(Leases.class);
    var slow =
        new BlobCollector(
            blobs.bucket(),
            blobs.table(),
            blobs.bean(BlobRecords.class),
            leases,
            List.of(
                visitor ->
                    used.forEach(
                        digest -> {
                          blobs.clock.advance(Duration.ofMinutes(4));
                          visitor.accept(digest);
                          assertThat(leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(1)))
                              .isEmpty();
                        })),
            blobs.bean(CollectionSettings.class),
            blobs.clock);
    assertThat(slow.runIfDue()).isPresent();
  }

  @Test
  void largeObjectsAreCopiedInParts() throws IOException {
    byte[] bytes = new byte[11 << 20];
    new java.util.Random(5).nextBytes(bytes);
    blobs.bucket().put("from", Bytes.of(bytes), "application/octet-stream");
    assertThat(BucketOver.copyParts(blobs.bucket(), "from", "to", bytes.length, 5 << 20)).isTrue();
    try (var copy = blobs.bucket().get("to").orElseThrow()) {
      assertThat(Digest.of(copy.stream().readAllBytes())).isEqualTo(Digest.of(bytes));
    }
    assertThat(BucketOver.copyParts(blobs.bucket(), "absent", "to2", bytes.length, 5 << 20))
        .isFalse();
    assertThat(blobs.bucket().unfinishedUploads("to")).isEmpty();
  }

  @Test
  void anUploadBeforeTheMarkWins() throws IOException {
    Digest digest = store("raced");
    blobs.clock.advance(GRACE);
    collector.observe(
        step -> {
          if (step.startsWith("mark")) {
            ingest("raced");
          }
        });
    assertThat(run().marked()).isZero();
    assertThat(blobs.record(digest).usable()).isTrue();
    assertThat(blobs.record(digest).key()).isEqualTo(BlobKey.standard(digest));
    assertThat(run().deleted()).isZero();
    assertThat(blobs.read(digest)).isEqualTo("raced".getBytes(UTF_8));
  }

  @Test
  void anUploadAfterTheMarkStoresElsewhere() throws IOException {
    Digest digest = store("raced");
    blobs.clock.advance(GRACE);
    assertThat(run().marked()).isEqualTo(1);
    collector.observe(
        step -> {
          if (step.startsWith("delete")) {
            ingest("raced");
          }
        });
    run();
    collector.observe(step -> {});
    run();
    assertThat(inBucket(digest)).isFalse();
    assertThat(blobs.record(digest).usable()).isTrue();
    assertThat(blobs.record(digest).key()).startsWith(BlobKey.UPLOADED);
    assertThat(blobs.read(digest)).isEqualTo("raced".getBytes(UTF_8));
  }

  @Test
  void anUploadThatLookedBeforeTheMarkAndRecordsAfterItIsSaved() throws IOException {
    Digest digest = store("between");
    blobs.clock.advance(GRACE);
    BlobRecord seen = blobs.record(digest);
    assertThat(run().marked()).isEqualTo(1);
    // What an upload does that found the blob present and old, before the mark.
    BlobRecords records = blobs.bean(BlobRecords.class);
    List<BlobRecord> lost = records.touch(List.of(seen));
    assertThat(lost).containsExactly(seen);
    assertThat(records.rescue(seen)).isTrue();
    run();
    run();
    assertThat(inBucket(digest)).isFalse();
    assertThat(blobs.read(digest)).isEqualTo("between".getBytes(UTF_8));
  }

  @Test
  void anObjectWithoutRecordIsMarkedFirstAndSavedWhenItsUploadRecordsIt() throws IOException {
    byte[] bytes = "orphan".getBytes(UTF_8);
    Digest digest = Digest.of(bytes);
    blobs.bucket().put(BlobKey.standard(digest), Bytes.of(bytes), "text/plain");
    assertThat(run().marked()).isZero();
    blobs.clock.advance(GRACE);
    assertThat(run().marked()).isEqualTo(1);
    BlobRecords records = blobs.bean(BlobRecords.class);
    assertThat(
            records.record(
                List.of(
                    BlobRecord.stored(
                        digest, bytes.length, BlobKey.standard(digest), records.now()))))
        .containsExactly(digest);
    run();
    assertThat(blobs.record(digest).key()).startsWith(BlobKey.UPLOADED);
    assertThat(blobs.read(digest)).isEqualTo(bytes);
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
          if (step.startsWith("mark") && taken.compareAndSet(false, true)) {
            blobs.clock.advance(Duration.ofMinutes(11));
            assertThat(leases.acquire(BlobCollector.LEASE, Duration.ofMinutes(10))).isPresent();
          }
        });
    assertThatThrownBy(() -> collector.run(stale)).isInstanceOf(BlobStorageException.class);
    assertThat(blobs.record(digest).usable()).as("its mark was refused").isTrue();
  }

  @Test
  void whatADeadHolderLeftIsFinishedByTheNext() {
    Digest first = store("dead-1");
    Digest second = store("dead-2");
    blobs.clock.advance(GRACE);
    run();
    var deletes = new java.util.concurrent.atomic.AtomicInteger();
    collector.observe(
        step -> {
          if (step.startsWith("delete") && deletes.incrementAndGet() == 2) {
            throw new IllegalStateException("killed");
          }
        });
    blobs.clock.advance(Duration.ofDays(2));
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
  void aRestoredReferenceSavesAMarkedBlob() throws IOException {
    Digest digest = store("restored");
    blobs.clock.advance(GRACE);
    assertThat(run().marked()).isEqualTo(1);
    live.add(digest);
    assertThat(run().deleted()).isZero();
    run();
    assertThat(blobs.record(digest).usable()).isTrue();
    assertThat(blobs.read(digest)).isEqualTo("restored".getBytes(UTF_8));
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
    assertThat(early.aborted() + early.strays()).isZero();
    blobs.clock.advance(Duration.ofDays(1));
    BlobCollector.Report late = run();
    assertThat(late.strays()).isEqualTo(1);
    assertThat(late.aborted()).isEqualTo(1);
    assertThat(blobs.bucket().head(orphan)).isEmpty();
    assertThat(blobs.bucket().unfinishedUploads("blobs/")).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(orphan))).isEmpty();
    assertThat(blobs.table().get(UploadRecord.key(unfinished))).isEmpty();
  }

  @Test
  void aFailureToTellReferencesStopsTheRun() {
    Digest digest = store("unknown");
    blobs.clock.advance(GRACE);
    var broken =
        new BlobCollector(
            blobs.bucket(),
            blobs.table(),
            blobs.bean(BlobRecords.class),
            blobs.bean(Leases.class),
            List.of(
                visitor -> {
                  throw new IllegalStateException("no manifest");
                }),
            blobs.bean(CollectionSettings.class),
            blobs.clock);
    assertThatThrownBy(broken::runIfDue).hasMessage("no manifest");
    assertThat(blobs.record(digest).usable()).isTrue();
  }
}
