package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.response.ByteRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which bytes of a representation are held: ranges in order that neither overlap nor touch.
 * Immutable.
 */
public final class Extents {
  /** No byte. */
  public static final Extents NONE = new Extents(List.of());

  private final List<ByteRange> ranges;

  private Extents(List<ByteRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** The ranges in order. */
  public List<ByteRange> ranges() {
    return ranges;
  }

  /** These bytes and the given ones. */
  public Extents plus(ByteRange added) {
    List<ByteRange> merged = new ArrayList<>(ranges.size() + 1);
    long first = added.first();
    long last = added.last();
    int at = 0;
    while (at < ranges.size() && ranges.get(at).last() < first - 1) {
      merged.add(ranges.get(at++));
    }
    while (at < ranges.size() && ranges.get(at).first() - 1 <= last) {
      first = Math.min(first, ranges.get(at).first());
      last = Math.max(last, ranges.get(at++).last());
    }
    merged.add(new ByteRange(first, last));
    merged.addAll(ranges.subList(at, ranges.size()));
    return new Extents(merged);
  }

  /** Whether all these bytes are held. */
  public boolean covers(ByteRange range) {
    for (ByteRange held : ranges) {
      if (held.first() <= range.first() && range.last() <= held.last()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a representation of this size is held completely. */
  public boolean isComplete(long size) {
    return size == 0 || (size > 0 && covers(new ByteRange(0, size - 1)));
  }

  /** What is not held of these bytes, in order. */
  public List<ByteRange> missing(ByteRange range) {
    List<ByteRange> missing = new ArrayList<>();
    long from = range.first();
    for (ByteRange held : ranges) {
      if (held.first() > range.last()) {
        break;
      }
      if (held.first() > from) {
        missing.add(new ByteRange(from, held.first() - 1));
      }
      from = Math.max(from, held.last() + 1);
    }
    if (from <= range.last()) {
      missing.add(new ByteRange(from, range.last()));
    }
    return missing;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Extents extents && ranges.equals(extents.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return Arrays.toString(ranges.toArray());
  }
}
