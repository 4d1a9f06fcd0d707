package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.response.ByteRange;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentsTest {
  private static final int SIZE = 40;

  /** Against one bit for each byte. */
  @Test
  void agreesWithBits() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      Extents extents = Extents.NONE;
      BitSet bits = new BitSet(SIZE);
      for (int step = 0; step < 6; step++) {
        ByteRange added = range(random);
        extents = extents.plus(added);
        bits.set((int) added.first(), (int) added.last() + 1);
        ByteRange asked = range(random);
        int first = (int) asked.first();
        int last = (int) asked.last();
        BitSet missing = new BitSet(SIZE);
        for (ByteRange range : extents.missing(asked)) {
          missing.set((int) range.first(), (int) range.last() + 1);
        }
        BitSet expected = new BitSet(SIZE);
        expected.set(first, last + 1);
        expected.andNot(bits);
        String about = "seed " + seed + " " + extents + " " + asked;
        assertThat(missing).as(about).isEqualTo(expected);
        assertThat(extents.covers(asked)).as(about).isEqualTo(expected.isEmpty());
        assertThat(extents.isComplete(SIZE)).as(about).isEqualTo(bits.cardinality() == SIZE);
        assertThat(extents.ranges()).as(about).hasSize(runs(bits));
      }
    }
  }

  private static int runs(BitSet bits) {
    int runs = 0;
    for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
      runs++;
    }
    return runs;
  }

  private static ByteRange range(Random random) {
    int first = random.nextInt(SIZE);
    return new ByteRange(first, first + random.nextInt(Math.min(12, SIZE - first)));
  }

  @Test
  void nothingIsAllOfNothing() {
    assertThat(Extents.NONE.isComplete(0)).isTrue();
    assertThat(Extents.NONE.isComplete(1)).isFalse();
    assertThat(Extents.NONE.isComplete(StoredResponse.UNKNOWN)).isFalse();
    assertThat(Extents.NONE.plus(new ByteRange(0, Long.MAX_VALUE - 1)).covers(new ByteRange(5, 9)))
        .isTrue();
  }
}
