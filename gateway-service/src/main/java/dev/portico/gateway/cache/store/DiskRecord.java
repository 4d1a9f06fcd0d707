package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.StoredResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known in memory of one response on disk: enough to say whom it may answer and whether it
 * has been invalidated, without a read.
 */
final class DiskRecord {
  private static final int UNIT = 256;

  private final CacheKey key;
  private volatile StoredResponse response;
  private final CacheTags tags;
  private final long run;
  private final long number;
  private final boolean earlier;
  private @Nullable StoredEntry waiting;
  private @Nullable List<BiConsumer<CacheKey, @Nullable StoredEntry>> readers;
  private volatile long goodUpTo;
  private volatile boolean written;
  private volatile boolean removed;
  private long size;

  private DiskRecord(
      CacheKey key,
      StoredResponse response,
      CacheTags tags,
      long run,
      long number,
      boolean earlier) {
    this.key = key;
    this.response = response;
    this.tags = tags;
    this.run = run;
    this.number = number;
    this.earlier = earlier;
  }

  /** One that is to be written; it takes over a use of the entry's body. */
  static DiskRecord of(CacheKey key, StoredEntry entry, long run, long number) {
    DiskRecord record = new DiskRecord(key, entry.response(), entry.tags(), run, number, false);
    record.goodUpTo = entry.goodUpTo();
    record.waiting = entry;
    return record;
  }

  /** One that another process has written, in whole blocks of {@code size} bytes. */
  static DiskRecord earlier(
      CacheKey key, StoredResponse response, CacheTags tags, long run, long number, long size) {
    DiskRecord record = new DiskRecord(key, response, tags, run, number, true);
    record.written = true;
    record.size = size;
    return record;
  }

  CacheKey key() {
    return key;
  }

  StoredResponse response() {
    return response;
  }

  /** From now on the origin must confirm it before it is used. */
  void unconfirm() {
    response = response.unconfirmed(response.generatedAt());
  }

  CacheTags tags() {
    return tags;
  }

  /** The process that has written it. */
  long run() {
    return run;
  }

  /** Its number in that. */
  long number() {
    return number;
  }

  /** Whether it is from before this process, so that its invalidations are not known. */
  boolean earlier() {
    return earlier;
  }

  /** What it takes of memory, in units of about half a kilobyte. */
  int units() {
    int text = key.length() + response.variant().length();
    for (String tag : tags.tags()) {
      text += tag.length();
    }
    return 1 + text / UNIT;
  }

  long goodUpTo() {
    return goodUpTo;
  }

  void goodUpTo(long invalidation) {
    goodUpTo = invalidation;
  }

  /** Whether its file is there and complete. */
  boolean written() {
    return written;
  }

  void setWritten() {
    written = true;
  }

  /** Whether it is in the index no more; its file is going to be deleted. */
  boolean removed() {
    return removed;
  }

  void setRemoved() {
    removed = true;
  }

  /** What its file takes of the disk, in bytes; for the thread of the disk alone. */
  long size() {
    return size;
  }

  void size(long bytes) {
    size = bytes;
  }

  /** What is to be written, with its use of the body; once. */
  synchronized @Nullable StoredEntry takeWaiting() {
    StoredEntry entry = waiting;
    waiting = null;
    return entry;
  }

  /**
   * Waits for it to be read.
   *
   * @return whether the caller is the first, and has it read
   */
  synchronized boolean join(BiConsumer<CacheKey, @Nullable StoredEntry> reader) {
    List<BiConsumer<CacheKey, @Nullable StoredEntry>> all = readers;
    boolean first = all == null;
    if (all == null) {
      all = new ArrayList<>(1);
      readers = all;
    }
    all.add(reader);
    return first;
  }

  /** All who wait; who comes later has it read anew. */
  synchronized List<BiConsumer<CacheKey, @Nullable StoredEntry>> takeReaders() {
    List<BiConsumer<CacheKey, @Nullable StoredEntry>> all = readers;
    readers = null;
    return all == null ? List.of() : all;
  }
}
