package dev.portico.gateway.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.RecordFormat.CorruptRecordException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskTierTest {
  private static final HeaderFields ANY = FieldList.EMPTY;
  private static final long LIMIT = 1 << 20;
  private static final long NOW = 1_700_000_000_000L;

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final List<ByteBuf> bodies = new ArrayList<>();
  private DiskFolder.Opener opener = DiskFolder::openFile;
  private long limit = LIMIT;
  private @Nullable DiskTier open;

  @AfterEach
  void allMemoryIsGivenBack() {
    close();
    assertThat(bodies).allSatisfy(body -> assertThat(body.refCnt()).isZero());
  }

  private DiskTier tier() {
    DiskTier tier = open;
    if (tier == null) {
      ResponseCacheDiskSettings settings = new ResponseCacheDiskSettings(folder.toString(), limit);
      tier = DiskTier.open(settings, file -> opener.open(file), nanos::get);
      open = tier;
    }
    return tier;
  }

  private void close() {
    DiskTier tier = open;
    open = null;
    if (tier != null) {
      tier.close();
    }
  }

  private static CacheKey key(String name) {
    return StoreFixture.key("demo", '/' + name);
  }

  private StoredEntry entry(String text, HeaderFields request, String... fields) {
    ByteBuf body = Unpooled.directBuffer(Math.max(1, text.length()));
    body.writeCharSequence(text, StandardCharsets.US_ASCII);
    bodies.add(body);
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "X-Text";
    all[fields.length + 1] = "\u00e9";
    FieldList answer = FieldList.of(all);
    Storing storing =
        Storing.decide(
            new OriginAnswer("GET", request, 200, answer, NOW, NOW), CachingRules.RFC_9111);
    ResponseHead.Builder head = ResponseHead.of(200);
    answer.forEach(
        (name, value) -> {
          if (!name.equals("Cache-Tag")) {
            head.add(name, value);
          }
        });
    return new StoredEntry((Storing.Store) storing, head.build(), new SharedBytes(body));
  }

  private StoredEntry entry(String text) {
    return entry(text, ANY, "Cache-Control", "max-age=60", "ETag", "\"e\"", "Cache-Tag", "one,two");
  }

  /** Gives it to the tier alone, and waits until it is written. */
  private void put(String name, StoredEntry entry) {
    DiskTier tier = tier();
    long before = tier.counts().written();
    tier.put(key(name), entry, other -> false);
    entry.body().giveUp();
    await().until(() -> tier.counts().written() > before);
  }

  /** Empty for what is not there, or could not be read. */
  private Optional<StoredEntry> load(String name, HeaderFields request) {
    CompletableFuture<Optional<StoredEntry>> loaded = new CompletableFuture<>();
    boolean there =
        tier()
            .load(
                key(name),
                request,
                (lasting, entry) -> {
                  assertThat(lasting).isEqualTo(key(name));
                  loaded.complete(Optional.ofNullable(entry));
                });
    return there ? loaded.join() : Optional.empty();
  }

  private String text(String name, HeaderFields request) {
    return load(name, request).map(DiskTierTest::textAndGiveUp).orElse("none");
  }

  private String text(String name) {
    return text(name, ANY);
  }

  private static String textAndGiveUp(StoredEntry entry) {
    ByteBuf body = Objects.requireNonNull(entry.borrow());
    try {
      return body.toString(StandardCharsets.US_ASCII);
    } finally {
      body.release();
      entry.body().giveUp();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  private void restart(int entries) {
    close();
    await().until(() -> tier().counts().entries() == entries);
  }

  @Test
  void whatIsDroppedTakesNothingNewerWithIt() {
    StoredEntry old = entry("old", ANY, "Cache-Control", "max-age=60", "Age", "30");
    StoredEntry same = entry("new");
    put("a", entry("new"));
    tier().drop(key("a"), old);
    assertThat(text("a")).isEqualTo("new");
    tier().drop(key("a"), same);
    assertThat(text("a")).isEqualTo("none");
    old.body().giveUp();
    same.body().giveUp();
  }

  @Test
  void allOfAResponseComesBack() {
    StoredEntry entry = entry("body");
    put("a", entry);
    StoredEntry loaded = load("a", ANY).orElseThrow();
    assertThat(loaded.response()).isEqualTo(entry.response());
    assertThat(loaded.fields()).isEqualTo(entry.fields());
    assertThat(loaded.tags()).isEqualTo(entry.tags());
    assertThat(loaded.head().encoded()).isEqualTo(entry.head().encoded());
    assertThat(loaded.sliceSize()).isZero();
    assertThat(textAndGiveUp(loaded)).isEqualTo("body");
    assertThat(text("b")).isEqualTo("none");
  }

  @Test
  void soDoesOneInSlices() {
    Storing storing =
        Storing.decide(
            new OriginAnswer(
                "GET", ANY, 200, FieldList.of("Cache-Control", "max-age=60"), NOW, NOW),
            CachingRules.RFC_9111);
    Storing.Store store = (Storing.Store) storing;
    Storing.Store sized =
        new Storing.Store(store.fields(), store.response().withSize(1L << 40), true, store.tags());
    put("a", StoredEntry.sliced(sized, ResponseHead.of(200).build(), 65_536));
    StoredEntry loaded = load("a", ANY).orElseThrow();
    assertThat(loaded.sliceSize()).isEqualTo(65_536);
    assertThat(loaded.response().size()).isEqualTo(1L << 40);
    assertThat(textAndGiveUp(loaded)).isEmpty();
  }

  @Test
  void variantsAreToldApart() {
    FieldList german = FieldList.of("Accept-Language", "de");
    FieldList english = FieldList.of("Accept-Language", "en");
    String[] fields = {"Cache-Control", "max-age=60", "Vary", "Accept-Language"};
    put("a", entry("eins", german, fields));
    put("a", entry("one", english, fields));
    assertThat(text("a", german)).isEqualTo("eins");
    assertThat(text("a", english)).isEqualTo("one");
    assertThat(text("a", ANY)).isEqualTo("none");
    restart(2);
    assertThat(text("a", german)).isEqualTo("eins");
  }

  @Test
  void aNewerOneTakesThePlaceAndTheFileOfAnOlder() {
    put("a", entry("one"));
    put("a", entry("two"));
    assertThat(text("a")).isEqualTo("two");
    await().until(() -> files().size() == 1);
    tier().drop(key("a"), entry("like it"));
    bodies.getLast().release();
    assertThat(text("a")).isEqualTo("none");
    await().until(() -> files().isEmpty());
    assertThat(tier().counts().bytes()).isZero();
  }

  @Test
  void afterARestartNothingIsUsedUnconfirmed() {
    put("a", entry("free", ANY, "Cache-Control", "max-age=600, stale-while-revalidate=600"));
    put("b", entry("strict", ANY, "Cache-Control", "max-age=600, must-revalidate"));
    put("c", entry("limited", ANY, "Cache-Control", "max-age=600, stale-if-error=60"));
    restart(3);
    StoredEntry free = load("a", ANY).orElseThrow();
    assertThat(free.response().isFresh(NOW)).isFalse();
    assertThat(free.response().staleWhileRevalidateUntil()).isLessThanOrEqualTo(NOW);
    assertThat(free.response().mustRevalidate()).isTrue();
    assertThat(free.response().mayReplaceFailure(NOW + 1)).isTrue();
    assertThat(textAndGiveUp(free)).isEqualTo("free");
    StoredEntry strict = load("b", ANY).orElseThrow();
    assertThat(strict.response().mayReplaceFailure(NOW)).isFalse();
    textAndGiveUp(strict);
    StoredEntry limited = load("c", ANY).orElseThrow();
    assertThat(limited.response().mayReplaceFailure(NOW + 659_000)).isTrue();
    assertThat(limited.response().mayReplaceFailure(NOW + 661_000)).isFalse();
    textAndGiveUp(limited);
  }

  @Test
  void ofTwoProcessesTheLaterOnesResponseCounts() throws IOException {
    put("a", entry("one"));
    Path first = files().getFirst();
    byte[] old = Files.readAllBytes(first);
    restart(1);
    put("a", entry("two"));
    close();
    // As after a crash that came before the old one's deletion.
    Files.createDirectories(Objects.requireNonNull(first.getParent()));
    Files.write(first, old);
    restart(1);
    assertThat(text("a")).isEqualTo("two");
    await().until(() -> files().size() == 1);
  }

  @Test
  void noDamagedByteIsServed() throws IOException {
    put("a", entry("a body"));
    close();
    Path file = files().getFirst();
    byte[] good = Files.readAllBytes(file);
    DiskFolder reader = DiskFolder.open(folder, opener);
    try {
      assertThat(read(reader, good)).isEqualTo("a body");
      for (int at = 0; at < good.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
          byte[] bad = good.clone();
          bad[at] = (byte) (bad[at] ^ (1 << bit));
          assertThatThrownBy(() -> read(reader, bad))
              .as("bit %s of byte %s", bit, at)
              .isInstanceOf(CorruptRecordException.class);
        }
        byte[] cut = Arrays.copyOf(good, at);
        assertThatThrownBy(() -> read(reader, cut))
            .as("cut to %s bytes", at)
            .isInstanceOf(CorruptRecordException.class);
      }
      byte[] longer = Arrays.copyOf(good, good.length + 1);
      assertThatThrownBy(() -> read(reader, longer)).isInstanceOf(CorruptRecordException.class);
    } finally {
      reader.close();
    }
  }

  private String read(DiskFolder reader, byte[] bytes) throws IOException {
    long number = 77;
    Path file = folder.resolve(String.format("%016x/%016x", reader.run(), number));
    Files.write(file, bytes);
    ByteBuf body = Objects.requireNonNull(reader.read(reader.run(), number, true).body());
    try {
      return body.toString(StandardCharsets.US_ASCII);
    } finally {
      body.release();
    }
  }

  @Test
  void whatIsDamagedIsDroppedAndCounted() throws IOException {
    put("head", entry("one"));
    put("body", entry("two"));
    put("good", entry("three"));
    close();
    damage(files().get(0), 40);
    damage(files().get(1), (int) Files.size(files().get(1)) - 1);
    restart(2);
    assertThat(tier().counts().corrupt()).isEqualTo(1);
    assertThat(text("head")).isEqualTo("none");
    assertThat(text("body")).isEqualTo("none");
    assertThat(tier().contains(key("body"))).isFalse();
    assertThat(tier().counts().corrupt()).isEqualTo(2);
    assertThat(text("good")).isEqualTo("three");
    await().until(() -> files().size() == 1);
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void whatACrashLeavesUnfinishedIsDeleted() throws IOException {
    put("a", entry("one"));
    close();
    Path file = files().getFirst();
    Files.move(file, file.resolveSibling(file.getFileName() + ".new"));
    tier();
    await().until(() -> files().isEmpty());
    assertThat(text("a")).isEqualTo("none");
  }

  @Test
  void aFullDiskSwitchesItOffForAWhile() throws IOException {
    put("a", entry("one"));
    opener = FullDisk::new;
    StoredEntry refused = entry("x".repeat(1_000));
    tier().put(key("b"), refused, other -> false);
    refused.body().giveUp();
    await().until(() -> tier().counts().failures() == 1);
    opener = DiskFolder::openFile;
    StoredEntry inPause = entry("in the pause");
    tier().put(key("a"), inPause, other -> false);
    inPause.body().giveUp();
    assertThat(tier().counts().lost()).isEqualTo(1);
    // It must not answer with what the origin has replaced.
    assertThat(text("a")).isEqualTo("none");
    assertThat(text("b")).isEqualTo("none");
    await().until(() -> files().isEmpty());
    assertThat(tier().counts().bytes()).isZero();
    nanos.addAndGet(DiskTier.PAUSE + 1);
    put("c", entry("three"));
    assertThat(text("c")).isEqualTo("three");
    assertThat(tier().counts().failures()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
  void whatFailsUnexpectedlyIsNotHeldAndTheNextIsWritten(Class<? extends Throwable> kind) {
    opener =
        file -> {
          if (kind == OutOfMemoryError.class) {
            throw new OutOfMemoryError("no direct memory");
          }
          throw new IllegalStateException("a bug");
        };
    StoredEntry failing = entry("one");
    tier().put(key("a"), failing, other -> false);
    failing.body().giveUp();
    await().until(() -> tier().counts().failures() == 1);
    assertThat(tier().counts().entries()).isZero();
    opener = DiskFolder::openFile;
    put("b", entry("two"));
    assertThat(text("b")).isEqualTo("two");
    assertThat(tier().counts().bytes()).isEqualTo(DiskFolder.onDisk(1));
  }

  /** Takes some bytes and no more. */
  private static final class FullDisk implements WritableByteChannel {
    private final WritableByteChannel file;

    FullDisk(Path file) throws IOException {
      this.file = DiskFolder.openFile(file);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      file.write(bytes.slice(0, Math.min(100, bytes.remaining())));
      throw new IOException("No space left on device");
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Test
  void staysWithinItsSizeAndKeepsWhatIsUsed() throws IOException {
    put("used", entry("used"));
    for (int i = 0; i < 100; i++) {
      put("k" + i, entry("x".repeat(20_000)));
      assertThat(text("used")).isEqualTo("used");
      assertThat(tier().counts().bytes()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(text("k99")).hasSize(20_000);
    assertThat(text("k0")).isEqualTo("none");
    long bytes = 0;
    for (Path file : files()) {
      bytes += DiskFolder.onDisk(Files.size(file));
    }
    assertThat(bytes).isEqualTo(tier().counts().bytes()).isGreaterThan(LIMIT / 2);
    long before = tier().counts().entries();
    restart((int) before);
    assertThat(tier().counts().bytes()).isEqualTo(bytes);
  }

  @Test
  void whatIsLargerThanTheDiskMayBeIsNotWritten() {
    StoredEntry large = entry("x".repeat((int) LIMIT));
    tier().put(key("a"), large, other -> false);
    large.body().giveUp();
    put("b", entry("small"));
    assertThat(text("a")).isEqualTo("none");
    assertThat(text("b")).isEqualTo("small");
  }

  @Test
  void aBodyLargerThanTheQueueWaitsAlone() {
    limit = 2 * DiskTier.MOST_QUEUED_BYTES;
    CountDownLatch gate = new CountDownLatch(1);
    opener =
        file -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return DiskFolder.openFile(file);
        };
    StoredEntry large = entry("x".repeat((int) DiskTier.MOST_QUEUED_BYTES + 1));
    tier().put(key("large"), large, other -> false);
    large.body().giveUp();
    StoredEntry meanwhile = entry("small");
    tier().put(key("small"), meanwhile, other -> false);
    meanwhile.body().giveUp();
    assertThat(tier().counts().lost()).isEqualTo(1);
    gate.countDown();
    await().until(() -> tier().counts().written() == 1);
    assertThat(text("large")).hasSize((int) DiskTier.MOST_QUEUED_BYTES + 1);
    assertThat(text("small")).isEqualTo("none");
    // The place in the queue is given back a moment after the file has its name.
    await()
        .until(
            () -> {
              StoredEntry later = entry("small");
              tier().put(key("small"), later, other -> false);
              later.body().giveUp();
              return text("small").equals("small");
            });
  }

  @Test
  void whatLeavesMemoryIsWrittenOnlyIfItIsNotThere() {
    StoredEntry entry = entry("one");
    assertThat(entry.body().use()).isTrue();
    put("a", entry);
    tier().evicted(key("a"), entry);
    entry.body().giveUp();
    put("b", entry("two"));
    assertThat(tier().counts().written()).isEqualTo(2);
    StoredEntry missing = entry("three");
    tier().evicted(key("c"), missing);
    missing.body().giveUp();
    await().until(() -> text("c").equals("three"));
  }

  @Test
  void twoGatewaysNeverShareAFolder() {
    tier();
    assertThatThrownBy(() -> DiskTier.open(new ResponseCacheDiskSettings(folder.toString(), LIMIT)))
        .hasMessageContaining("PORTICO_RESPONSE_CACHE_DISK_FOLDER")
        .hasMessageContaining("another gateway");
    close();
    tier();
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DiskTier.open(new ResponseCacheDiskSettings(file.toString(), LIMIT)))
        .hasMessageContaining("PORTICO_RESPONSE_CACHE_DISK_FOLDER " + file);
    assertThatThrownBy(() -> new ResponseCacheDiskSettings("", 1))
        .hasMessageContaining("PORTICO_RESPONSE_CACHE_DISK_SIZE");
  }

  @Test
  void manyWhoWaitForOneAreServedByOneRead() {
    StoredEntry entry = entry("one");
    assertThat(entry.body().use()).isTrue();
    DiskRecord record = DiskRecord.of(key("a"), entry, 1, 1);
    List<String> told = new ArrayList<>();
    assertThat(record.join((key, found) -> told.add("first"))).isTrue();
    assertThat(record.join((key, found) -> told.add("second"))).isFalse();
    record.takeReaders().forEach(reader -> reader.accept(key("a"), null));
    assertThat(told).containsExactly("first", "second");
    assertThat(record.join((key, found) -> {})).isTrue();
    entry.body().giveUp();
    entry.body().giveUp();
  }
}
