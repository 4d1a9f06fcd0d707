package dev.portico.content.blob;

/**
 * A large set of digests in little memory: keeps 64 of their bits in a table of its own. It may, by
 * a chance of n in 2^64, hold a digest that was not added, which keeps a blob that nobody needs; it
 * never misses one that was.
 */
final class DigestSet {
  private long[] table = new long[1024];
  private int size;
  private boolean zero;

  void add(Digest digest) {
    if (size * 2 >= table.length) {
      long[] old = table;
      table = new long[old.length * 2];
      size = 0;
      for (long prefix : old) {
        if (prefix != 0) {
          insert(prefix);
        }
      }
    }
    long prefix = digest.prefix();
    if (prefix == 0) {
      zero = true;
    } else {
      insert(prefix);
    }
  }

  boolean contains(Digest digest) {
    long prefix = digest.prefix();
    return prefix == 0 ? zero : table[slot(prefix)] == prefix;
  }

  int size() {
    return size + (zero ? 1 : 0);
  }

  private void insert(long prefix) {
    int slot = slot(prefix);
    if (table[slot] == 0) {
      table[slot] = prefix;
      size++;
    }
  }

  private int slot(long prefix) {
    int mask = table.length - 1;
    int slot = (int) (prefix ^ prefix >>> 32) & mask;
    while (table[slot] != 0 && table[slot] != prefix) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
