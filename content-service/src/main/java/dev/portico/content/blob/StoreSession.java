package dev.portico.content.blob;

import dev.portico.content.s3.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Ingest}: collects small files into groups; each group is looked up, sent as one pack
 * and recorded in the background. Large files are sent one after the other by the caller's thread.
 */
final class StoreSession implements Ingest {
  private static final int GROUP_FILES = 500;
  private static final int GROUP_BYTES = 4 << 20;
  private static final int GROUPS_IN_FLIGHT = 8;

  private final S3BlobStore store;
  private final HeldBlobs held;
  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final Semaphore groups = new Semaphore(GROUPS_IN_FLIGHT);
  private final Set<Digest> created = ConcurrentHashMap.newKeySet();
  private final Set<Digest> withoutVariants = ConcurrentHashMap.newKeySet();
  private final Map<Digest, Long> sizes = new HashMap<>();
  private final Object lock = new Object();
  private List<Pending> group = new ArrayList<>();
  private long groupBytes;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;

  StoreSession(S3BlobStore store, HeldBlobs held) {
    this.store = store;
    this.held = held;
  }

  /** A small file in memory. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  private record Pending(Digest digest, byte[] buffer, int length) {}

  @Override
  public void add(String path, long declaredSize, InputStream content) throws IOException {
    check();
    int expected =
        declaredSize < 0
            ? MemoryPool.PART
            : (int) Math.min(MemoryPool.PART, Math.max(1, declaredSize));
    int first = content.read(); // a client that sends nothing yet holds no memory
    byte[] buffer = store.memory().take(expected);
    boolean handedOn = false;
    try {
      int length = MemoryPool.fill(buffer, expected, first, content);
      int more = length == expected ? content.read() : -1;
      if (more < 0) {
        handedOn = small(path, buffer, length);
      } else if (expected == MemoryPool.PART) {
        handedOn = true;
        large(path, buffer, new SequenceInputStream(oneByte(more), content));
      } else {
        // Longer than declared. The copy is not counted, but nothing may wait while holding memory.
        byte[] start = java.util.Arrays.copyOf(buffer, length + 1);
        start[length] = (byte) more;
        store.memory().give(buffer);
        handedOn = true;
        add(path, -1, new SequenceInputStream(new ByteArrayInputStream(start), content));
      }
    } finally {
      if (!handedOn) {
        store.memory().give(buffer);
      }
    }
    // Only now: when waiting fails, the buffer is the group's already.
    if (full()) {
      flush();
    }
  }

  private boolean full() {
    synchronized (lock) {
      return group.size() >= GROUP_FILES || groupBytes >= GROUP_BYTES;
    }
  }

  private static InputStream oneByte(int value) {
    return new ByteArrayInputStream(new byte[] {(byte) value});
  }

  /** Returns whether the buffer was handed on. */
  private boolean small(String path, byte[] buffer, int length) {
    Digest digest = Digest.finish(Digest.sha256(), buffer, 0, length);
    if (!register(path, digest, length) || held.holds(digest, length)) {
      return false;
    }
    synchronized (lock) {
      if (closed) {
        return false;
      }
      group.add(new Pending(digest, buffer, length));
      groupBytes += length;
    }
    return true;
  }

  private void large(String path, byte[] first, InputStream rest) throws IOException {
    StoredBlob blob = store.storeLarge(first, rest, null, -1);
    register(path, blob.digest(), blob.size());
    if (!held.holds(blob.digest(), blob.size())) {
      withoutVariants.add(blob.digest());
    }
    if (blob.created()) {
      created.add(blob.digest());
    }
  }

  /** Notes the file; returns whether its bytes are met for the first time here. */
  private boolean register(String path, Digest digest, long size) {
    files.put(path, new StoredFile(path, digest, size));
    return sizes.put(digest, size) == null;
  }

  @Override
  public void same(String path, String earlierPath) {
    StoredFile earlier = files.get(earlierPath);
    if (earlier == null) {
      throw new IllegalArgumentException("nothing was added as " + earlierPath);
    }
    files.put(path, new StoredFile(path, earlier.digest(), earlier.size()));
  }

  private void flush() {
    try {
      groups.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStorageException("Interrupted while storing.", e);
    }
    startGroup();
  }

  /** Called by others who wait for memory. */
  void flushForOthers() {
    // Without a permit, groups are under way, and give memory back by themselves.
    if (groups.tryAcquire()) {
      startGroup();
    }
  }

  /** Starts storing the current group; needs a permit, which the group gives back. */
  private void startGroup() {
    List<Pending> taken;
    synchronized (lock) {
      taken = group;
      group = new ArrayList<>();
      groupBytes = 0;
    }
    if (taken.isEmpty()) {
      groups.release();
      return;
    }
    try {
      store.tasks().start(() -> runGroup(taken));
    } catch (RejectedExecutionException e) {
      fail(e);
      taken.forEach(it -> store.memory().give(it.buffer()));
      groups.release();
    }
  }

  private void runGroup(List<Pending> taken) {
    var left = new ConcurrentHashMap<Digest, Pending>();
    taken.forEach(it -> left.put(it.digest(), it));
    try {
      storeGroup(taken, left);
    } catch (Throwable e) { // an Error too must fail the publication, or it would be sealed
      fail(e);
    } finally {
      taken.forEach(it -> release(left, it));
      groups.release();
    }
  }

  private void fail(Throwable cause) {
    synchronized (lock) {
      if (failure == null) {
        failure =
            cause instanceof RuntimeException known
                ? known
                : new BlobStorageException("Storing a file failed.", cause);
      }
    }
  }

  /** Gives a buffer back once, by whoever comes first. */
  private void release(Map<Digest, Pending> left, Pending file) {
    if (left.remove(file.digest()) != null) {
      store.memory().give(file.buffer());
    }
  }

  private void storeGroup(List<Pending> taken, Map<Digest, Pending> left) {
    if (closed || failure != null) {
      return;
    }
    BlobRecords records = store.records();
    Map<Digest, BlobRecord> known = records.getAll(taken.stream().map(Pending::digest).toList());
    Set<Digest> lost = records.touch(known.values().stream().filter(records::stale).toList());
    var missing = new ArrayList<Pending>();
    for (Pending file : taken) {
      BlobRecord record = known.get(file.digest());
      boolean stored = record != null && !lost.contains(file.digest());
      if (stored) {
        release(left, file);
      } else {
        missing.add(file);
      }
      if (record == null || !stored || !record.variantsComplete()) {
        withoutVariants.add(file.digest());
      }
    }
    if (!missing.isEmpty()) {
      storePack(missing);
    }
  }

  private void storePack(List<Pending> files) {
    // The caller gives the buffers back, and others reuse them: await returns when all is sent.
    List<Extent> extents =
        Tasks.await(List.of(store.tasks().send(() -> sendPack(files)))).getFirst();
    var stored = new ArrayList<BlobRecord>(files.size());
    for (int i = 0; i < files.size(); i++) {
      stored.add(BlobRecord.stored(files.get(i).digest(), extents.get(i), store.records().now()));
    }
    store.records().put(stored);
    files.forEach(file -> created.add(file.digest()));
  }

  private List<Extent> sendPack(List<Pending> files) {
    if (closed || failure != null) {
      throw new BlobStorageException("The publication was given up.", null);
    }
    return store
        .packs()
        .write(
            files.stream()
                .map(
                    file ->
                        new Pack.Content(
                            file.digest(), null, new Bytes(file.buffer(), 0, file.length())))
                .toList());
  }

  @Override
  public Result finish() {
    flush();
    try {
      groups.acquire(GROUPS_IN_FLIGHT);
      groups.release(GROUPS_IN_FLIGHT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlobStorageException("Interrupted while storing.", e);
    }
    check();
    close();
    long bytes = created.stream().mapToLong(it -> sizes.getOrDefault(it, 0L)).sum();
    return new Result(List.copyOf(files.values()), created.size(), bytes, withoutVariants);
  }

  private void check() {
    RuntimeException failed = failure;
    if (failed instanceof BlobStorageException) {
      throw failed;
    }
    if (failed != null) {
      throw new BlobStorageException("Storing a file failed.", failed);
    }
    if (closed) {
      throw new IllegalStateException("the ingest is closed");
    }
  }

  @Override
  public void close() {
    List<Pending> taken;
    synchronized (lock) {
      closed = true;
      taken = group;
      group = new ArrayList<>();
    }
    taken.forEach(it -> store.memory().give(it.buffer()));
    store.ended(this);
  }
}
