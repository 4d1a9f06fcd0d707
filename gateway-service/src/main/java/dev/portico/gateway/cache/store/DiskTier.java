package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.store.RecordFormat.CorruptRecordException;
import dev.portico.gateway.exchange.HeaderFields;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tier on disk (docs/decisions/0008). Callers only touch the index and a queue; one thread
 * reads what earlier processes have left, then writes and deletes, and a few read for those who
 * wait. What does not fit in a queue is not kept, or not found: the cache may always miss.
 */
final class DiskTier implements SecondTier {
  /**
   * Responses that may wait to be written, and the bytes of their bodies; a body that is larger
   * waits alone.
   */
  static final int MOST_QUEUED = 1024;

  static final long MOST_QUEUED_BYTES = 16 << 20;

  /** Reads at once, and such as may wait; of those who wait for the same one counts. */
  static final int READERS = 4;

  static final int MOST_READS = 1024;

  /** How long nothing is written after a write has failed, in nanoseconds. */
  static final long PAUSE = TimeUnit.SECONDS.toNanos(60);

  /** How long writing what waits, and reading for those who wait, may take at the end, in ms. */
  private static final long STOP_WAIT = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);

  private final DiskFolder folder;
  private final long limit;
  private final LongSupplier nanoTime;
  private final DiskIndex index = new DiskIndex(DiskIndex.MOST_UNITS);
  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder written = new LongAdder();
  private final LongAdder loaded = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder corrupt = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final ThreadPoolExecutor readers;
  private final Thread writer;
  private volatile boolean closed;
  private volatile boolean abandoned;
  private volatile boolean paused;
  private volatile long pausedAt;

  private DiskTier(DiskFolder folder, long limit, LongSupplier nanoTime) {
    this.folder = folder;
    this.limit = limit;
    this.nanoTime = nanoTime;
    readers =
        new ThreadPoolExecutor(
            READERS,
            READERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_READS),
            Thread.ofPlatform().daemon().name("response-cache-read-", 0).factory());
    readers.allowCoreThreadTimeOut(true);
    writer = Thread.ofPlatform().daemon().name("response-cache-write").unstarted(this::work);
  }

  /**
   * Takes a folder and starts.
   *
   * @throws RuntimeException when it cannot be used, or another process uses it
   */
  static DiskTier open(ResponseCacheDiskSettings settings) {
    return open(settings, DiskFolder::openFile, System::nanoTime);
  }

  /** As above; tests have files fail, and move the clock. */
  static DiskTier open(
      ResponseCacheDiskSettings settings, DiskFolder.Opener opener, LongSupplier nanoTime) {
    DiskFolder folder = DiskFolder.open(Path.of(settings.folder()), opener);
    DiskTier tier = new DiskTier(folder, settings.size(), nanoTime);
    tier.work.add(new EarlierRecords(folder, tier.index, tier.corrupt, settings.size(), nanoTime));
    tier.writer.start();
    return tier;
  }

  // From any thread.

  @Override
  public void put(CacheKey key, StoredEntry entry, Predicate<StoredResponse> outdated) {
    if (closed) {
      return;
    }
    if ((paused && !isPauseOver()) || queued.get() >= MOST_QUEUED || !reserve(entry)) {
      lost.increment();
      // What it has for this variant is older than what the origin says now.
      drop(key, entry);
      delete(index.removeIf(key, outdated));
      return;
    }
    queued.incrementAndGet();
    DiskRecord record = DiskRecord.of(key, entry, folder.run(), numbers.incrementAndGet());
    delete(index.add(record, outdated));
    work.add(() -> write(record));
  }

  /** Takes a use of a body for the queue, if there is room for it. */
  private boolean reserve(StoredEntry entry) {
    int bytes = entry.body().length();
    long before =
        queuedBytes.getAndUpdate(waiting -> fits(waiting, bytes) ? waiting + bytes : waiting);
    if (!fits(before, bytes)) {
      return false;
    }
    boolean used = entry.body().use();
    if (!used) {
      queuedBytes.addAndGet(-bytes);
    }
    return used;
  }

  /** One may always wait, or what is larger than all that may wait would never be written. */
  private static boolean fits(long waiting, int bytes) {
    return waiting == 0 || waiting + bytes <= MOST_QUEUED_BYTES;
  }

  @Override
  public void evicted(CacheKey key, StoredEntry entry) {
    DiskRecord record = index.like(key, entry.response());
    boolean there = record != null && record.response().equals(entry.response());
    if (!there && !isNewer(record, entry)) {
      put(key, entry, other -> false);
    }
  }

  private static boolean isNewer(@Nullable DiskRecord record, StoredEntry entry) {
    return record != null && record.response().generatedAt() > entry.response().generatedAt();
  }

  @Override
  public void drop(CacheKey key, StoredEntry entry) {
    DiskRecord record = index.like(key, entry.response());
    if (record != null && !isNewer(record, entry)) {
      remove(record);
    }
  }

  private void remove(DiskRecord record) {
    if (index.remove(record)) {
      delete(List.of(record));
    }
  }

  private void delete(List<DiskRecord> removed) {
    for (DiskRecord record : removed) {
      work.add(() -> deleteNow(record));
    }
  }

  @Override
  public boolean contains(CacheKey key) {
    return index.contains(key);
  }

  @Override
  public boolean contains(CacheKey key, StoredEntry loaded) {
    DiskRecord record = index.like(key, loaded.response());
    return record != null && record.response().equals(loaded.response());
  }

  @Override
  public boolean load(
      CacheKey key, HeaderFields request, BiConsumer<CacheKey, @Nullable StoredEntry> then) {
    DiskRecord record = closed ? null : index.choose(key, request);
    if (record == null) {
      return false;
    }
    if (record.join(then)) {
      try {
        readers.execute(() -> readFor(record));
      } catch (RejectedExecutionException e) {
        lost.increment();
        finish(record, null);
      }
    }
    return true;
  }

  @Override
  public void sweep(Invalidations invalidations, long upTo) {
    for (DiskRecord record : index.all()) {
      if (invalidations.hold(record.key(), record.tags(), record.goodUpTo())) {
        if (invalidations.doubt(record.goodUpTo())) {
          record.unconfirm();
        }
        record.goodUpTo(Math.max(upTo, record.goodUpTo()));
      } else {
        remove(record);
      }
    }
  }

  @Override
  public void removeAll() {
    delete(index.removeAll());
  }

  @Override
  public TierCounts counts() {
    return new TierCounts(
        index.bytes(),
        index.entries(),
        written.sum(),
        loaded.sum(),
        lost.sum(),
        corrupt.sum(),
        failures.sum());
  }

  @Override
  public void close() {
    closed = true;
    // A task to wake the thread, which ends when it finds nothing else to do.
    work.add(() -> {});
    readers.shutdown();
    try {
      writer.join(STOP_WAIT);
      readers.awaitTermination(STOP_WAIT, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // What has not been written by now is not, but its memory is given back.
    abandoned = true;
    for (Runnable left = work.poll(); left != null; left = work.poll()) {
      left.run();
    }
    folder.close();
  }

  // On the threads that read.

  private void readFor(DiskRecord record) {
    StoredEntry entry = null;
    try {
      entry = read(record);
    } catch (OutOfMemoryError e) {
      // Netty's too, when direct memory is used up: a miss, and nobody waits for ever.
      lost.increment();
      LOG.warn("A response on disk was not read: {}", e.toString());
    } finally {
      finish(record, entry);
    }
  }

  private @Nullable StoredEntry read(DiskRecord record) {
    try {
      DiskFolder.Read read = folder.read(record.run(), record.number(), true);
      ByteBuf body = read.body();
      if (body == null) {
        throw new IllegalStateException("the body was asked for");
      }
      if (!read.known().key().equals(record.key())) {
        body.release();
        throw new CorruptRecordException("another key");
      }
      if (record.removed()) {
        body.release();
        return null;
      }
      StoredEntry entry = read.known().entry(record.response(), new SharedBytes(body));
      entry.goodUpTo(record.goodUpTo());
      loaded.increment();
      return entry;
    } catch (IOException | RuntimeException e) {
      unreadable(record, e);
      return null;
    }
  }

  private void unreadable(DiskRecord record, Exception why) {
    if (record.removed() && why instanceof NoSuchFileException) {
      return;
    }
    if (why instanceof CorruptRecordException || why instanceof NoSuchFileException) {
      corrupt.increment();
    } else {
      failures.increment();
    }
    LOG.warn("A response on disk cannot be read and is dropped: {}", why.toString());
    remove(record);
  }

  private static void finish(DiskRecord record, @Nullable StoredEntry entry) {
    for (BiConsumer<CacheKey, @Nullable StoredEntry> reader : record.takeReaders()) {
      try {
        reader.accept(record.key(), entry != null && entry.body().use() ? entry : null);
      } catch (RuntimeException e) {
        LOG.error("Who waited for a response on disk failed", e);
      }
    }
    if (entry != null) {
      entry.body().giveUp();
    }
  }

  // On the thread that writes.

  private void work() {
    while (!closed || !work.isEmpty()) {
      try {
        work.take().run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | OutOfMemoryError e) {
        // The thread must not end with what failed: all that comes later would wait for ever.
        failures.increment();
        LOG.error("The response cache on disk failed unexpectedly", e);
      }
    }
  }

  private void write(DiskRecord record) {
    StoredEntry entry = record.takeWaiting();
    if (entry == null) {
      return;
    }
    boolean done = false;
    try {
      done = record.removed() || writeNow(record, entry);
    } finally {
      if (!done) {
        remove(record);
      }
      queued.decrementAndGet();
      queuedBytes.addAndGet(-entry.body().length());
      entry.body().giveUp();
    }
  }

  private boolean writeNow(DiskRecord record, StoredEntry entry) {
    if (abandoned || (paused && !isPauseOver())) {
      lost.increment();
      return false;
    }
    ByteBuf body = entry.borrow();
    if (body == null) {
      throw new IllegalStateException("the body of an entry in use was given up");
    }
    try {
      ByteBuffer[] parts = body.nioBuffers();
      ByteBuffer head = RecordFormat.encode(record.key(), entry, parts);
      long size = DiskFolder.onDisk(head.remaining() + (long) body.readableBytes());
      if (size > limit) {
        return false;
      }
      index.makeRoom(size, limit).forEach(this::deleteNow);
      if (record.removed() || index.bytes() + size > limit) {
        return false;
      }
      record.size(size);
      index.account(size);
      folder.write(record.number(), head, parts);
      record.setWritten();
      written.increment();
      if (paused) {
        paused = false;
        LOG.info("The response cache on disk is written again");
      }
      return true;
    } catch (IOException e) {
      pause(e);
      return false;
    } finally {
      body.release();
    }
  }

  private void pause(IOException why) {
    if (!paused) {
      LOG.warn(
          "The response cache on disk is not written until it works again, tried every {} s: {}",
          TimeUnit.NANOSECONDS.toSeconds(PAUSE),
          why.toString());
    }
    pausedAt = nanoTime.getAsLong();
    paused = true;
    failures.increment();
  }

  private boolean isPauseOver() {
    return nanoTime.getAsLong() - pausedAt > PAUSE;
  }

  private void deleteNow(DiskRecord record) {
    if (record.size() == 0) {
      return;
    }
    try {
      folder.delete(record.run(), record.number());
    } catch (IOException e) {
      failures.increment();
      LOG.warn("A response on disk cannot be deleted: {}", e.toString());
    }
    index.account(-record.size());
    record.size(0);
  }
}
