package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which responses are on disk, the least recently used first. From any thread; nothing in here
 * takes long. A record is removed here first and its file later: until that is gone its bytes
 * count.
 */
final class DiskIndex {
  /** Records are kept in memory, about half a kilobyte each: 64 MiB at most. */
  static final int MOST_UNITS = 131_072;

  private final Map<CacheKey, List<DiskRecord>> records = new LinkedHashMap<>(16, 0.75f, true);
  private final int mostUnits;
  private long bytes;
  private int units;
  private int entries;

  DiskIndex(int mostUnits) {
    this.mostUnits = mostUnits;
  }

  /** The record to use for a request, null when none fits. */
  synchronized @Nullable DiskRecord choose(CacheKey key, HeaderFields request) {
    List<DiskRecord> all = records.get(key);
    if (all == null) {
      return null;
    }
    List<DiskRecord> written = all.stream().filter(DiskRecord::written).toList();
    List<StoredResponse> responses = written.stream().map(DiskRecord::response).toList();
    StoredResponse chosen = StoredResponse.choose(responses, request);
    return chosen == null ? null : written.get(responses.indexOf(chosen));
  }

  synchronized boolean contains(CacheKey key) {
    List<DiskRecord> all = records.get(key);
    return all != null && all.stream().anyMatch(DiskRecord::written);
  }

  /** The record for the variant of a response, and the key counts as used; null for none. */
  synchronized @Nullable DiskRecord like(CacheKey key, StoredResponse response) {
    for (DiskRecord record : records.getOrDefault(key, List.of())) {
      if (record.response().isForSameVariant(response)) {
        return record;
      }
    }
    return null;
  }

  /**
   * Adds one in the place of that for the same variant. One of an earlier process gives way to this
   * process's.
   *
   * @param outdated which others give way to it
   * @return what is removed for it, possibly itself
   */
  synchronized List<DiskRecord> add(DiskRecord added, Predicate<StoredResponse> outdated) {
    List<DiskRecord> removed = removeIf(added.key(), outdated);
    DiskRecord like = like(added.key(), added.response());
    if (added.earlier()) {
      bytes += added.size();
      if (like != null && !like.earlier()) {
        added.setRemoved();
        removed.add(added);
        return removed;
      }
    }
    List<DiskRecord> all = records.computeIfAbsent(added.key(), key -> new ArrayList<>(1));
    if (like != null) {
      take(all, like, removed);
    } else if (all.size() >= Variants.MOST) {
      take(all, all.getFirst(), removed);
    }
    all.add(added);
    units += added.units();
    entries++;
    while (units > mostUnits && !records.isEmpty()) {
      removeEldest(removed);
    }
    return removed;
  }

  private void take(List<DiskRecord> all, DiskRecord record, List<DiskRecord> removed) {
    all.remove(record);
    record.setRemoved();
    units -= record.units();
    entries--;
    removed.add(record);
  }

  private void removeEldest(List<DiskRecord> removed) {
    Iterator<List<DiskRecord>> eldest = records.values().iterator();
    List<DiskRecord> all = eldest.next();
    for (DiskRecord record : List.copyOf(all)) {
      take(all, record, removed);
    }
    eldest.remove();
  }

  /** Removes those under a key of which something is true. */
  synchronized List<DiskRecord> removeIf(CacheKey key, Predicate<StoredResponse> which) {
    List<DiskRecord> removed = new ArrayList<>();
    for (DiskRecord record : List.copyOf(records.getOrDefault(key, List.of()))) {
      if (which.test(record.response())) {
        remove(record);
        removed.add(record);
      }
    }
    return removed;
  }

  /** Removes one; false when it was not there. */
  synchronized boolean remove(DiskRecord record) {
    List<DiskRecord> all = records.get(record.key());
    if (all == null || !all.contains(record)) {
      return false;
    }
    take(all, record, new ArrayList<>(1));
    if (all.isEmpty()) {
      records.remove(record.key());
    }
    return true;
  }

  /** Removes all. */
  synchronized List<DiskRecord> removeAll() {
    List<DiskRecord> removed = new ArrayList<>();
    while (!records.isEmpty()) {
      removeEldest(removed);
    }
    return removed;
  }

  /**
   * Removes the least recently used until so many bytes more fit; what is removed must be deleted
   * before they are written.
   */
  synchronized List<DiskRecord> makeRoom(long more, long limit) {
    List<DiskRecord> removed = new ArrayList<>();
    long freed = 0;
    int counted = 0;
    while (bytes - freed + more > limit && !records.isEmpty()) {
      removeEldest(removed);
      while (counted < removed.size()) {
        freed += removed.get(counted++).size();
      }
    }
    return removed;
  }

  /** So many bytes are going to be written, or have been deleted when negative. */
  synchronized void account(long change) {
    bytes += change;
  }

  /** All of them at the moment. */
  synchronized List<DiskRecord> all() {
    List<DiskRecord> all = new ArrayList<>(entries);
    records.values().forEach(all::addAll);
    return all;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized int entries() {
    return entries;
  }
}
