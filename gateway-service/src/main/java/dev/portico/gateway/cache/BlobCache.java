package dev.portico.gateway.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobHead;
import dev.portico.gateway.origin.BlobRequest;
import dev.portico.gateway.routing.BlobDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs in direct memory, by digest and coding, within a number of bytes; what to keep is decided
 * by W-TinyLFU, so that a crawl through all files does not push out what is asked for often. A blob
 * that is not held is fetched once, whatever the number of requests that wait for it.
 *
 * <p>Which variants a blob has is learnt when it is fetched. While content-service is still making
 * them, the plain bytes serve, and now and then it is asked again beside the requests.
 */
@Singleton
public class BlobCache {
  private static final Logger LOG = LoggerFactory.getLogger(BlobCache.class);
  private static final int VARIANT_FACTS = 200_000;
  private static final int ALWAYS_HELD = 65_536;

  private final BlobFetcher fetcher;
  private final long largest;
  private final long loadingLimit;
  private final AtomicLong loadingBytes = new AtomicLong();
  private final long variantRetryNanos;
  private final long substituteWaitNanos;
  private final LongSupplier nanoTime;
  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final Cache<EntryKey, BlobEntry> entries;
  private final Cache<BlobDigest, VariantFacts> variants =
      Caffeine.newBuilder().maximumSize(VARIANT_FACTS).executor(Runnable::run).build();
  private final ConcurrentMap<LoadKey, Waiters> loading = new ConcurrentHashMap<>();
  private final Set<BlobDigest> asking = ConcurrentHashMap.newKeySet();

  private record EntryKey(BlobDigest digest, ContentCoding coding) {}

  private record LoadKey(BlobDigest digest, List<ContentCoding> codings) {}

  /** Makes an empty cache. */
  @Inject
  public BlobCache(BlobCacheSettings settings, BlobFetcher fetcher) {
    this(settings, fetcher, System::nanoTime);
  }

  BlobCache(BlobCacheSettings settings, BlobFetcher fetcher, LongSupplier nanoTime) {
    this.fetcher = fetcher;
    this.largest = settings.largest();
    this.loadingLimit = settings.size() / 4;
    this.variantRetryNanos = settings.variantRetry().toNanos();
    this.substituteWaitNanos = settings.substituteWait().toNanos();
    this.nanoTime = nanoTime;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.size())
            .weigher((EntryKey key, BlobEntry entry) -> entry.weight())
            .executor(Runnable::run)
            .removalListener(BlobCache::removed)
            .build();
  }

  private static void removed(
      @Nullable EntryKey key, @Nullable BlobEntry entry, RemovalCause cause) {
    if (entry != null) {
      entry.release();
    }
  }

  /**
   * Whether a blob of this many bytes is held now; any other must be streamed. Besides those that
   * are too large these are all but small ones while the loads under way already take a quarter of
   * the cache's size: so many cold files at once must not take memory without a bound.
   */
  public boolean holds(long size) {
    return size <= largest && (size <= ALWAYS_HELD || loadingBytes.get() + size <= loadingLimit);
  }

  /**
   * What is held of a blob in the best coding that exists, or null when it must be loaded. Waits
   * for nothing.
   *
   * @param wish what is wanted
   * @param loop the caller's event loop; used to ask again for variants that were being made
   */
  public @Nullable HeldBlob find(BlobWish wish, EventLoop loop) {
    ContentCoding coding = ContentCoding.IDENTITY;
    if (!wish.codings().isEmpty()) {
      VariantFacts facts = variants.getIfPresent(wish.digest());
      if (facts == null) {
        return null;
      }
      coding = facts.best(wish.codings());
      if (!facts.complete()
          && wish.size() > 0
          && nanoTime.getAsLong() - facts.learntNanos() > variantRetryNanos) {
        askAgain(wish, loop);
      }
    }
    return get(wish.digest(), coding);
  }

  /**
   * The coding in which a blob would be sent, without touching anything; null while nobody knows
   * which variants it has.
   *
   * @param wanted best first, without identity
   */
  public @Nullable ContentCoding coding(BlobDigest digest, List<ContentCoding> wanted) {
    if (wanted.isEmpty()) {
      return ContentCoding.IDENTITY;
    }
    VariantFacts facts = variants.policy().getIfPresentQuietly(digest);
    return facts == null ? null : facts.best(wanted);
  }

  /** Whether a blob is in memory in this coding; asking does not count as a use of it. */
  public boolean hasInMemory(BlobDigest digest, ContentCoding coding) {
    return entries.policy().getIfPresentQuietly(new EntryKey(digest, coding)) != null;
  }

  private @Nullable HeldBlob get(BlobDigest digest, ContentCoding coding) {
    BlobEntry entry = entries.getIfPresent(new EntryKey(digest, coding));
    return entry == null ? null : entry.retain();
  }

  /**
   * Fetches a blob that {@link #find} did not have. Call on {@code loop}. When another
   * representation that will do is held, the user waits for the fetch only until it is as old as
   * the setting allows, and gets that one then; the fetch goes on for those who come later.
   *
   * @param wish what is wanted; {@link #holds} its size
   * @param loop where the user is told, and where the fetch runs if there is none yet
   * @param user told once, not before this method has returned
   */
  public void load(BlobWish wish, EventLoop loop, BlobUser user) {
    List<ContentCoding> codings = narrowed(wish);
    LoadKey key = new LoadKey(wish.digest(), codings);
    Waiters mine = new Waiters(nanoTime.getAsLong());
    PatientUser patient = new PatientUser(user, () -> substitute(wish));
    while (true) {
      Waiters waiters = loading.putIfAbsent(key, mine);
      if (waiters != null) {
        if (waiters.add(loop, patient)) {
          limitWait(patient, wish, waiters, loop);
          return;
        }
        // It ended a moment ago and is about to leave the map.
        loading.remove(key, waiters);
        continue;
      }
      mine.add(loop, patient);
      start(key, wish, loop, mine);
      limitWait(patient, wish, mine, loop);
      return;
    }
  }

  private void limitWait(PatientUser patient, BlobWish wish, Waiters waiters, EventLoop loop) {
    if (holdsSubstitute(wish)) {
      long age = nanoTime.getAsLong() - waiters.begunNanos();
      patient.waitAtMost(substituteWaitNanos - age, loop);
    }
  }

  private boolean holdsSubstitute(BlobWish wish) {
    HeldBlob held = substitute(wish);
    if (held == null) {
      return false;
    }
    held.bytes().release();
    return true;
  }

  /** Whatever is held and will do, the best first. */
  private @Nullable HeldBlob substitute(BlobWish wish) {
    for (ContentCoding coding : wish.codings()) {
      HeldBlob held = get(wish.digest(), coding);
      if (held != null) {
        return held;
      }
    }
    return get(wish.digest(), ContentCoding.IDENTITY);
  }

  /** Only the coding that is known to exist, so that different wishes for it share one fetch. */
  private List<ContentCoding> narrowed(BlobWish wish) {
    VariantFacts facts = wish.codings().isEmpty() ? null : variants.getIfPresent(wish.digest());
    if (facts == null) {
      return wish.codings();
    }
    ContentCoding best = facts.best(wish.codings());
    return best == ContentCoding.IDENTITY ? List.of() : List.of(best);
  }

  private void start(LoadKey key, BlobWish wish, EventLoop loop, Waiters waiters) {
    BlobWish narrow = new BlobWish(wish.digest(), wish.size(), key.codings(), wish.ids());
    BlobLoad load =
        new BlobLoad(
            narrow,
            largest,
            allocator,
            loadingBytes,
            (head, bytes) -> loaded(key, head, bytes, waiters),
            failure -> failed(key, wish, failure, waiters));
    try {
      load.fetchedBy(fetcher.fetch(request(narrow), loop, load));
    } catch (RuntimeException e) {
      load.failed(new EdgeException(EdgeError.INTERNAL, "the fetch could not be started", e));
    }
  }

  private static BlobRequest request(BlobWish wish) {
    List<String> codings = wish.codings().stream().map(ContentCoding::token).toList();
    return BlobRequest.whole(wish.digest().hex(), codings, wish.ids());
  }

  private void loaded(LoadKey key, BlobHead head, ByteBuf bytes, Waiters waiters) {
    learn(key.digest(), head);
    ContentCoding coding = ContentCoding.of(head.coding());
    if (coding == null) {
      throw new IllegalStateException("a load takes known codings only");
    }
    BlobEntry entry = new BlobEntry(coding, bytes);
    // A reference of our own: the cache may refuse or evict the entry at once.
    HeldBlob mine = entry.retain();
    entries.put(new EntryKey(key.digest(), coding), entry);
    loading.remove(key, waiters);
    waiters.tell(mine);
  }

  private void learn(BlobDigest digest, BlobHead head) {
    variants.put(digest, VariantFacts.of(head, nanoTime.getAsLong()));
  }

  /** Whatever is held and will do is better than an error. */
  private void failed(LoadKey key, BlobWish wish, EdgeException failure, Waiters waiters) {
    HeldBlob substitute = substitute(wish);
    loading.remove(key, waiters);
    if (substitute != null) {
      waiters.tell(substitute);
    } else {
      waiters.fail(failure);
    }
  }

  private void askAgain(BlobWish wish, EventLoop loop) {
    if (!asking.add(wish.digest())) {
      return;
    }
    BlobRequest request =
        new BlobRequest(wish.digest().hex(), List.of(), 0, 0, wish.ids().background());
    VariantQuestion question =
        new VariantQuestion(
            head -> {
              learn(wish.digest(), head);
              asking.remove(wish.digest());
            },
            failure -> {
              LOG.debug("could not ask for variants of {}: {}", wish.digest(), failure.toString());
              postpone(wish.digest());
              asking.remove(wish.digest());
            });
    try {
      fetcher.fetch(request, loop, question);
    } catch (RuntimeException e) {
      question.failed(new EdgeException(EdgeError.INTERNAL, "the fetch could not be started", e));
    }
  }

  private void postpone(BlobDigest digest) {
    VariantFacts facts = variants.getIfPresent(digest);
    if (facts != null) {
      variants.put(
          digest, new VariantFacts(facts.codings(), facts.complete(), nanoTime.getAsLong()));
    }
  }

  /**
   * The representations that are asked for most often, hottest first. Uses before the last call
   * count half, those before the last but one a quarter, and so on, so that what is no longer asked
   * for cools down.
   *
   * @param limit how many at most
   */
  public List<HotBlob> hottest(int limit) {
    return entries.asMap().entrySet().stream()
        .map(held -> new Heat(held.getKey(), held.getValue().length(), held.getValue().cool()))
        .sorted(Comparator.comparingInt(Heat::uses).reversed())
        .limit(limit)
        .map(heat -> new HotBlob(heat.key().digest(), heat.key().coding(), heat.size()))
        .toList();
  }

  private record Heat(EntryKey key, int size, int uses) {}

  /** The bytes held at the moment, overhead included. */
  public long heldBytes() {
    return entries.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
  }

  /** The number of representations held at the moment, about. */
  public long heldBlobs() {
    return entries.estimatedSize();
  }

  /** Gives all memory back. */
  @PreDestroy
  public void clear() {
    entries.invalidateAll();
    entries.cleanUp();
  }
}
