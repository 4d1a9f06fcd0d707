package dev.portico.gateway.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.routing.BlobDigest;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlobCacheTest {
  private static final long MEGABYTE = 1 << 20;
  private static final List<ContentCoding> BROWSER =
      List.of(ContentCoding.BR, ContentCoding.ZSTD, ContentCoding.GZIP);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(3, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final BlobSource source = new BlobSource();
  private final AtomicLong nanos = new AtomicLong(1);
  private final List<HeldBlob> taken = new ArrayList<>();
  private final List<BlobEntry> entries = new ArrayList<>();
  private BlobCache cache = cache(16 * MEGABYTE);

  private BlobCache cache(long size) {
    BlobCacheSettings settings =
        new BlobCacheSettings(size, 8 * MEGABYTE, Duration.ofSeconds(2), Duration.ofMillis(100));
    return new BlobCache(settings, source, nanos::get);
  }

  @AfterEach
  void nothingIsLeaked() throws Exception {
    loop.submit(() -> {}).get();
    taken.forEach(blob -> blob.bytes().release());
    cache.clear();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
    for (BlobEntry entry : entries) {
      assertThat(entry.retain()).as("released by everyone").isNull();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static BlobDigest digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return BlobDigest.parse(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private BlobDigest put(byte[] bytes) {
    BlobDigest digest = digest(bytes);
    source.put(digest.hex(), "identity", bytes);
    return digest;
  }

  private static BlobWish wish(BlobDigest digest, long size, List<ContentCoding> codings) {
    return new BlobWish(digest, size, codings, RequestIds.of(0, null));
  }

  private CompletableFuture<HeldBlob> load(BlobWish wish, EventLoop on) {
    CompletableFuture<HeldBlob> result = new CompletableFuture<>();
    on.execute(
        () ->
            cache.load(
                wish,
                on,
                new BlobUser() {
                  @Override
                  public void held(HeldBlob blob) {
                    assertThat(on.inEventLoop()).isTrue();
                    synchronized (taken) {
                      taken.add(blob);
                      entries.add(blob.entry());
                    }
                    result.complete(blob);
                  }

                  @Override
                  public void failed(EdgeException failure) {
                    result.completeExceptionally(failure);
                  }
                }));
    return result;
  }

  private HeldBlob loaded(BlobWish wish) {
    return load(wish, loop).orTimeout(10, TimeUnit.SECONDS).join();
  }

  private EdgeError failure(BlobWish wish) {
    try {
      load(wish, loop).orTimeout(10, TimeUnit.SECONDS).join();
      throw new AssertionError("loaded");
    } catch (CompletionException e) {
      return ((EdgeException) requireNonNull(e.getCause())).error();
    }
  }

  private @Nullable HeldBlob found(BlobWish wish) {
    HeldBlob blob = cache.find(wish, loop);
    if (blob != null) {
      taken.add(blob);
      entries.add(blob.entry());
    }
    return blob;
  }

  @Test
  void tellsWhatIsHottest() {
    byte[] script = bytes("script");
    BlobDigest hot = put(script);
    source.put(hot.hex(), "br", bytes("br"));
    loaded(wish(hot, script.length, BROWSER));
    for (int i = 0; i < 20; i++) {
      loaded(wish(put(bytes("page " + i)), ("page " + i).length(), List.of()));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(found(wish(hot, script.length, BROWSER))).isNotNull();
    }
    HotBlob expected = new HotBlob(hot, ContentCoding.BR, 2);
    assertThat(cache.hottest(1)).containsExactly(expected);
    assertThat(cache.hottest(64)).hasSize(21).startsWith(expected);
    BlobWish risen = wish(digest(bytes("page 7")), 6, List.of());
    for (int i = 0; i < 4; i++) {
      assertThat(found(risen)).isNotNull();
    }
    assertThat(cache.hottest(2))
        .as("what was asked for lately counts more")
        .containsExactly(new HotBlob(risen.digest(), ContentCoding.IDENTITY, 6), expected);
    cache.clear();
    assertThat(cache.hottest(64)).isEmpty();
    HeldBlob again = loaded(expected.wish(RequestIds.of(0, null)));
    assertThat(again.coding()).isEqualTo(ContentCoding.BR);
  }

  /** The plain bytes are not what was hot. */
  @Test
  void ofAVariantThatIsGoneNothingIsKept() {
    BlobDigest digest = put(bytes("script"));
    assertThat(failure(new HotBlob(digest, ContentCoding.BR, 2).wish(RequestIds.of(0, null))))
        .isEqualTo(EdgeError.ORIGIN_PROTOCOL);
    assertThat(cache.hottest(64)).isEmpty();
  }

  @Test
  void holdsWhatItHasLoaded() {
    byte[] bytes = bytes("hello");
    BlobWish wish = wish(put(bytes), 5, List.of());
    assertThat(found(wish)).isNull();
    assertThat(ByteBufUtil.getBytes(loaded(wish).bytes())).isEqualTo(bytes);
    HeldBlob held = requireNonNull(found(wish));
    assertThat(held.bytes().isDirect()).isTrue();
    assertThat(ByteBufUtil.getBytes(held.bytes())).isEqualTo(bytes);
    assertThat(source.requests).hasSize(1);
  }

  @Test
  void fetchesOnceForAllWhoWait() {
    source.gate = new CountDownLatch(1);
    byte[] bytes = bytes("popular");
    BlobWish wish = wish(put(bytes), 7, BROWSER);
    List<CompletableFuture<HeldBlob>> waiting = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      waiting.add(load(wish, loops.next()));
    }
    await().until(() -> source.requests.size() == 1);
    source.gate.countDown();
    for (CompletableFuture<HeldBlob> one : waiting) {
      assertThat(ByteBufUtil.getBytes(one.orTimeout(10, TimeUnit.SECONDS).join().bytes()))
          .isEqualTo(bytes);
    }
    assertThat(source.requests).hasSize(1);
  }

  @Test
  void aFailureIsToldToAllWhoWaitAndNotRemembered() {
    source.gate = new CountDownLatch(1);
    source.down = true;
    byte[] bytes = bytes("later");
    BlobWish wish = wish(put(bytes), 5, List.of());
    List<CompletableFuture<HeldBlob>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(load(wish, loops.next()));
    }
    source.gate.countDown();
    for (CompletableFuture<HeldBlob> one : waiting) {
      assertThat(one.orTimeout(10, TimeUnit.SECONDS).handle((blob, failure) -> failure).join())
          .isInstanceOf(EdgeException.class);
    }
    source.down = false;
    assertThat(ByteBufUtil.getBytes(loaded(wish).bytes())).isEqualTo(bytes);
  }

  @Test
  void damagedBytesAreNeitherShownNorKept() {
    byte[] bytes = bytes("precious");
    BlobWish wish = wish(put(bytes), bytes.length, List.of());
    source.corrupt = true;
    assertThat(failure(wish)).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
    source.corrupt = false;
    source.cut = true;
    assertThat(failure(wish)).isEqualTo(EdgeError.ORIGIN_CLOSED);
    source.cut = false;
    assertThat(found(wish)).isNull();
    assertThat(ByteBufUtil.getBytes(loaded(wish).bytes())).isEqualTo(bytes);
  }

  @Test
  void aLengthOtherThanTheManifestsIsRefusedAtOnce() {
    BlobWish wish = wish(put(bytes("longer than said")), 3, List.of());
    assertThat(failure(wish)).isEqualTo(EdgeError.ORIGIN_PROTOCOL);
    await().until(() -> source.cancelled.get() == 1);
  }

  @Test
  void aCodingThatWasNotAskedForIsRefused() {
    byte[] bytes = bytes("plain");
    BlobDigest digest = put(bytes);
    source.put(digest.hex(), "br", bytes("b"));
    source.unasked = true;
    assertThat(failure(wish(digest, 5, List.of(ContentCoding.GZIP))))
        .isEqualTo(EdgeError.ORIGIN_PROTOCOL);
  }

  @Test
  void learnsVariantsAndServesEachCodingFromItsOwnEntry() {
    byte[] plain = bytes("text text text");
    BlobDigest digest = put(plain);
    source.put(digest.hex(), "gzip", bytes("gz"));
    source.put(digest.hex(), "zstd", bytes("zs"));
    HeldBlob first = loaded(wish(digest, plain.length, BROWSER));
    assertThat(first.coding()).isEqualTo(ContentCoding.ZSTD);
    assertThat(requireNonNull(found(wish(digest, plain.length, BROWSER))).coding())
        .isEqualTo(ContentCoding.ZSTD);
    List<ContentCoding> gzip = List.of(ContentCoding.GZIP);
    assertThat(found(wish(digest, plain.length, gzip))).isNull();
    assertThat(loaded(wish(digest, plain.length, gzip)).coding()).isEqualTo(ContentCoding.GZIP);
    List<ContentCoding> br = List.of(ContentCoding.BR);
    assertThat(found(wish(digest, plain.length, br))).isNull();
    assertThat(loaded(wish(digest, plain.length, br)).coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(found(wish(digest, plain.length, List.of()))).isNotNull();
    assertThat(source.requests).hasSize(3);
  }

  @Test
  void asksAgainForVariantsThatWereBeingMade() {
    byte[] plain = bytes("being compressed");
    BlobDigest digest = put(plain);
    source.complete = false;
    BlobWish wish = wish(digest, plain.length, BROWSER);
    assertThat(loaded(wish).coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(requireNonNull(found(wish)).coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(source.requests).as("too early to ask").hasSize(1);

    source.put(digest.hex(), "br", bytes("br"));
    source.complete = true;
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(requireNonNull(found(wish)).coding())
        .as("serves meanwhile")
        .isEqualTo(ContentCoding.IDENTITY);
    await()
        .untilAsserted(
            () -> {
              HeldBlob held = cache.find(wish, loop);
              if (held != null) {
                held.bytes().release();
              }
              assertThat(held).as("the variant must be loaded now").isNull();
            });
    assertThat(source.requests).hasSize(2);
    assertThat(source.requests.getLast().ranged()).isTrue();
    assertThat(loaded(wish).coding()).isEqualTo(ContentCoding.BR);
  }

  @Test
  void whatIsHeldServesWhileContentServiceIsDown() {
    byte[] plain = bytes("still here");
    BlobDigest digest = put(plain);
    source.complete = false;
    loaded(wish(digest, plain.length, BROWSER));
    source.down = true;
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(found(wish(digest, plain.length, BROWSER))).isNotNull();

    BlobDigest coded = put(bytes("with a variant"));
    source.down = false;
    source.complete = true;
    source.put(coded.hex(), "gzip", bytes("gz"));
    loaded(wish(coded, 14, List.of()));
    source.down = true;
    HeldBlob substitute = loaded(wish(coded, 14, List.of(ContentCoding.GZIP)));
    assertThat(substitute.coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(failure(wish(put(bytes("never seen")), 10, List.of())))
        .isEqualTo(EdgeError.ORIGIN_UNREACHABLE);
  }

  /** content-service accepts the question and hangs. */
  @Test
  void whatIsHeldServesWhoeverWouldWaitTooLong() {
    byte[] plain = bytes("held as it is");
    BlobDigest digest = put(plain);
    source.put(digest.hex(), "gzip", bytes("gz"));
    loaded(wish(digest, plain.length, List.of()));
    source.gate = new CountDownLatch(1);
    BlobWish coded = wish(digest, plain.length, List.of(ContentCoding.GZIP));
    List<CompletableFuture<HeldBlob>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(load(coded, loops.next()));
    }
    CompletableFuture<HeldBlob> without = load(wish(put(bytes("new")), 3, BROWSER), loop);
    for (CompletableFuture<HeldBlob> one : waiting) {
      assertThat(one.orTimeout(10, TimeUnit.SECONDS).join().coding())
          .isEqualTo(ContentCoding.IDENTITY);
    }
    assertThat(found(coded)).as("the load goes on").isNull();
    assertThat(loaded(coded).coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(without).as("nothing is held for it").isNotDone();
    source.gate.countDown();
    await()
        .untilAsserted(
            () -> assertThat(requireNonNull(found(coded)).coding()).isEqualTo(ContentCoding.GZIP));
    assertThat(ByteBufUtil.getBytes(without.orTimeout(10, TimeUnit.SECONDS).join().bytes()))
        .isEqualTo(bytes("new"));
    assertThat(source.requests).as("one for each form").hasSize(3);
  }

  /** The bound is on the age of the load: who comes late to one that hangs does not wait again. */
  @Test
  void nobodyWaitsAnewForALoadThatIsOldAlready() {
    BlobCacheSettings patient =
        new BlobCacheSettings(16 * MEGABYTE, MEGABYTE, Duration.ofSeconds(2), Duration.ofHours(1));
    cache = new BlobCache(patient, source, nanos::get);
    byte[] plain = bytes("held as it is");
    BlobDigest digest = put(plain);
    source.put(digest.hex(), "gzip", bytes("gz"));
    loaded(wish(digest, plain.length, List.of()));
    source.gate = new CountDownLatch(1);
    BlobWish coded = wish(digest, plain.length, List.of(ContentCoding.GZIP));
    CompletableFuture<HeldBlob> first = load(coded, loop);
    await().until(() -> source.requests.size() == 2);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(loaded(coded).coding()).isEqualTo(ContentCoding.IDENTITY);
    assertThat(first).isNotDone();
    source.gate.countDown();
    assertThat(first.orTimeout(10, TimeUnit.SECONDS).join().coding()).isEqualTo(ContentCoding.GZIP);
  }

  @Test
  void anEmptyFileIsHeldToo() {
    BlobWish wish = wish(put(new byte[0]), 0, List.of());
    assertThat(loaded(wish).bytes().readableBytes()).isZero();
    taken.clear();
    entries.clear();
  }

  @Test
  void staysWithinItsBytesAndReadersKeepTheirs() {
    cache = cache(MEGABYTE);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] first = new byte[50_000];
    random.nextBytes(first);
    HeldBlob reader = loaded(wish(put(first), first.length, List.of()));
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[random.nextInt(1, 60_000)];
      random.nextBytes(bytes);
      loaded(wish(put(bytes), bytes.length, List.of()));
      assertThat(cache.heldBytes()).isLessThanOrEqualTo(MEGABYTE);
    }
    assertThat(ByteBufUtil.getBytes(reader.bytes())).isEqualTo(first);
  }

  @Test
  void largeBlobsAreNotHeld() {
    assertThat(cache.holds(MEGABYTE)).isTrue();
    assertThat(cache.holds(MEGABYTE + 1)).as("a sixteenth of the cache").isFalse();
    assertThat(cache(1024 * MEGABYTE).holds(8 * MEGABYTE)).isTrue();
    assertThat(cache(1024 * MEGABYTE).holds(8 * MEGABYTE + 1)).isFalse();
  }
}
