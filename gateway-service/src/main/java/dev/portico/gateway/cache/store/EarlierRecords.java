package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what earlier processes have left in the folder, the latest first, as far as it fits and for
 * a limited time; deletes the rest. None of it is used before the origin has confirmed it: it may
 * have been invalidated since.
 */
final class EarlierRecords implements Runnable {
  /** How long it reads, in nanoseconds. */
  static final long MOST_TIME = TimeUnit.SECONDS.toNanos(60);

  private static final Logger LOG = LoggerFactory.getLogger(EarlierRecords.class);

  private final DiskFolder folder;
  private final DiskIndex index;
  private final LongAdder corrupt;
  private final long limit;
  private final LongSupplier nanoTime;
  private final long now = System.currentTimeMillis();
  private final List<DiskRecord> found = new ArrayList<>();
  private long bytes;
  private int units;
  private int deleted;

  EarlierRecords(
      DiskFolder folder, DiskIndex index, LongAdder corrupt, long limit, LongSupplier nanoTime) {
    this.folder = folder;
    this.index = index;
    this.corrupt = corrupt;
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  @Override
  public void run() {
    long start = nanoTime.getAsLong();
    try {
      for (long run : folder.earlierRuns()) {
        find(run, start);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("What is in the response cache on disk cannot be listed: {}", e.toString());
    }
    // The oldest first, since the order in the index is that of their use.
    for (DiskRecord record : found.reversed()) {
      for (DiskRecord removed : index.add(record, other -> false)) {
        delete(removed.run(), removed.number());
        index.account(-removed.size());
        removed.size(0);
      }
    }
    LOG.info(
        "The response cache on disk holds {} responses, {} bytes; {} files were deleted",
        index.entries(),
        index.bytes(),
        deleted);
  }

  /** One run that cannot be read must not hide the others, or their files would stay for ever. */
  private void find(long run, long start) {
    try {
      for (long number : folder.records(run)) {
        boolean late = nanoTime.getAsLong() - start > MOST_TIME;
        DiskRecord record = late ? null : record(run, number);
        if (record == null) {
          delete(run, number);
        } else {
          found.add(record);
        }
      }
      folder.forget(run);
    } catch (IOException | RuntimeException e) {
      LOG.warn("A run's responses in the cache on disk cannot be read: {}", e.toString());
    }
  }

  private void delete(long run, long number) {
    try {
      folder.delete(run, number);
      deleted++;
    } catch (IOException | RuntimeException e) {
      LOG.warn("A response in the cache on disk cannot be deleted: {}", e.toString());
    }
  }

  private @Nullable DiskRecord record(long run, long number) {
    DiskFolder.Read read;
    try {
      read = folder.read(run, number, false);
    } catch (IOException | RuntimeException e) {
      // Corrupt, cut, of another format, or not to be read at all.
      corrupt.increment();
      return null;
    }
    Storing.Store storing = read.known().storing();
    StoredResponse response = storing.response().unconfirmed(now);
    long size = DiskFolder.onDisk(read.length());
    DiskRecord record =
        DiskRecord.earlier(read.known().key(), response, storing.tags(), run, number, size);
    if (bytes + size > limit || units + record.units() > DiskIndex.MOST_UNITS) {
      return null;
    }
    bytes += size;
    units += record.units();
    return record;
  }
}
