package dev.portico.content.blob;

import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.Bytes;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Blobs in S3, their facts in DynamoDB. */
@Singleton
final class S3BlobStore implements BlobStore {
  /** Records looked up at once: sixteen batches in parallel. */
  private static final int LOOKED_UP = 1_600;

  private final Bucket bucket;
  private final BlobRecords records;
  private final Packs packs;
  private final Tasks tasks;
  private final MemoryPool memory;
  private volatile long lastUse = System.nanoTime() - Duration.ofDays(1).toNanos();
  private final Set<StoreSession> sessions = ConcurrentHashMap.newKeySet();

  S3BlobStore(Bucket bucket, BlobRecords records, Packs packs, BlobSettings settings) {
    this.bucket = bucket;
    this.records = records;
    this.packs = packs;
    this.tasks = new Tasks(settings.parallelPuts());
    this.memory =
        new MemoryPool(
            settings.memory(),
            settings.memoryWait(),
            () -> sessions.forEach(StoreSession::flushForOthers));
  }

  BlobRecords records() {
    return records;
  }

  Packs packs() {
    return packs;
  }

  Tasks tasks() {
    return tasks;
  }

  MemoryPool memory() {
    return memory;
  }

  @Override
  public Ingest ingest(HeldBlobs held) {
    var session = new StoreSession(this, held);
    sessions.add(session);
    return session;
  }

  void ended(StoreSession session) {
    if (sessions.remove(session)) {
      lastUse = System.nanoTime();
    }
  }

  /** For how long no publication has stored anything here. */
  Duration quietFor() {
    return sessions.isEmpty() ? Duration.ofNanos(System.nanoTime() - lastUse) : Duration.ZERO;
  }

  @Override
  public Map<Digest, BlobFacts> find(Collection<Digest> digests) {
    var facts = new HashMap<Digest, BlobFacts>();
    List<Digest> all = List.copyOf(new LinkedHashSet<>(digests));
    for (int from = 0; from < all.size(); from += LOOKED_UP) {
      find(all.subList(from, Math.min(all.size(), from + LOOKED_UP)), facts);
    }
    return facts;
  }

  /** A part at a time, since whole records of 100,000 blobs would take much memory. */
  private void find(List<Digest> digests, Map<Digest, BlobFacts> facts) {
    var stale = new ArrayList<BlobRecord>();
    for (BlobRecord record : records.getAll(digests).values()) {
      facts.put(record.digest(), record.facts());
      if (records.stale(record)) {
        stale.add(record);
      }
    }
    facts.keySet().removeAll(records.touch(stale));
  }

  @Override
  public boolean put(Digest expected, long size, InputStream content) throws IOException {
    lastUse = System.nanoTime();
    Optional<BlobRecord> known = records.get(expected);
    if (known.isPresent() && known.get().size() != size) {
      throw mismatch(expected, size, "its size is " + known.get().size());
    }
    if (known.isPresent() && inUse(known.get())) {
      return false;
    }
    if (size > MemoryPool.PART) {
      int begin = content.read(); // a client that sends nothing yet holds no memory
      byte[] first = memory.take(MemoryPool.PART);
      int read = readFirst(first, begin, content);
      if (read < first.length) {
        memory.give(first);
        throw mismatch(expected, size, "only " + read + " bytes came");
      }
      return storeLarge(first, content, expected, size).created();
    }
    return putSmall(expected, (int) size, content);
  }

  /** Makes sure that collection knows the blob to be in use; false when it is too late for that. */
  private boolean inUse(BlobRecord record) {
    return !records.stale(record) || records.touch(List.of(record)).isEmpty();
  }

  private int readFirst(byte[] buffer, int begin, InputStream content) throws IOException {
    try {
      return MemoryPool.fill(buffer, buffer.length, begin, content);
    } catch (IOException | RuntimeException e) {
      memory.give(buffer);
      throw e;
    }
  }

  private boolean putSmall(Digest expected, int size, InputStream content) throws IOException {
    int begin = size == 0 ? -1 : content.read();
    byte[] buffer = memory.take(Math.max(1, size));
    try {
      int read = MemoryPool.fill(buffer, size, begin, content);
      if (read < size || content.read() >= 0) {
        throw mismatch(expected, size, read < size ? "only " + read + " bytes came" : "more came");
      }
      Digest actual = Digest.finish(Digest.sha256(), buffer, 0, size);
      if (!actual.equals(expected)) {
        throw mismatch(expected, size, "their digest is " + actual);
      }
      // The bytes may have taken minutes. What another sent meanwhile has perhaps variants by now.
      if (records.get(expected).filter(this::inUse).isPresent()) {
        return false;
      }
      var bytes = new Bytes(buffer, 0, size);
      var sent = tasks.send(() -> packs.write(List.of(new Pack.Content(expected, null, bytes))));
      Extent extent = Tasks.await(List.of(sent)).getFirst().getFirst();
      records.put(List.of(BlobRecord.stored(expected, extent, records.now())));
      return true;
    } finally {
      memory.give(buffer);
    }
  }

  /**
   * Stores a file that does not fit into one part.
   *
   * @param first its first part, which is given back to the pool
   * @param expected the digest that it must have, or null
   * @param expectedSize the size that it must have, in bytes; only with a digest
   */
  StoredBlob storeLarge(
      byte[] first, InputStream rest, @Nullable Digest expected, long expectedSize)
      throws IOException {
    LargeUpload upload;
    try {
      upload = new LargeUpload(bucket, records, memory, tasks);
    } catch (RuntimeException e) {
      memory.give(first);
      throw e;
    }
    boolean kept = false;
    try {
      upload.send(first, expected == null ? rest : new LimitedStream(rest, expectedSize));
      Digest digest = upload.digest();
      if (expected != null && (upload.size() != expectedSize || !digest.equals(expected))) {
        throw mismatch(
            expected,
            expectedSize,
            upload.size() == expectedSize
                ? "their digest is " + digest
                : upload.size() < expectedSize
                    ? "only " + upload.size() + " bytes came"
                    : "more came");
      }
      Optional<BlobRecord> known = records.get(digest);
      if (known.isPresent() && inUse(known.get())) {
        return new StoredBlob(digest, upload.size(), false);
      }
      BlobRecord record = upload.complete(digest);
      kept = true;
      boolean created = records.complete(record);
      return new StoredBlob(digest, upload.size(), created);
    } finally {
      if (!kept) {
        upload.abort();
      }
    }
  }

  private static BlobMismatchException mismatch(Digest expected, long size, String found) {
    return new BlobMismatchException(
        "Blob " + expected + " was to have " + size + " bytes, but " + found + ".");
  }

  @Override
  public Optional<BlobContent> open(Digest digest, @Nullable ByteRange range) {
    return records.get(digest).flatMap(record -> packs.open(record.extent(), range));
  }

  @PreDestroy
  void close() {
    tasks.close();
  }
}
