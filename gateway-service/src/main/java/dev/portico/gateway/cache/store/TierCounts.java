package dev.portico.gateway.cache.store;

/**
 * What the second tier has at a moment, and what has happened to it since the start.
 *
 * @param bytes that its files take, in whole blocks
 * @param entries responses in it
 * @param written responses written
 * @param loaded responses read and found good
 * @param lost responses not written, or not read, for want of room in a queue or during a pause
 * @param corrupt responses dropped since their bytes were not what was written
 * @param failures failed reads and writes
 */
public record TierCounts(
    long bytes, long entries, long written, long loaded, long lost, long corrupt, long failures) {
  static final TierCounts NONE = new TierCounts(0, 0, 0, 0, 0, 0, 0);
}
