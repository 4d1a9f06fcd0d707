package dev.portico.gateway.routing.rules;

import java.util.Arrays;

/** A few numbers of rules, to be sorted. */
final class Numbers {
  private int[] values = new int[8];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  /** In growing order; the array is longer than {@link #size()} numbers perhaps. */
  int[] sorted() {
    Arrays.sort(values, 0, size);
    return values;
  }

  int size() {
    return size;
  }
}
