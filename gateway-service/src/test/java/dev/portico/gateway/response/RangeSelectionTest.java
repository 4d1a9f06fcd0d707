package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, section 14. */
class RangeSelectionTest {
  private static final RangeSelection WHOLE = new RangeSelection.Whole();
  private static final RangeSelection NONE = new RangeSelection.Unsatisfiable();

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-499, 0, 499",
    "bytes=500-, 500, 999",
    "bytes=-1, 999, 999",
    "bytes=-5000, 0, 999",
    "bytes=990-5000, 990, 999",
    "BYTES=0-0, 0, 0",
    "' bytes= 0-0 ', 0, 0",
    "'bytes=,0-0,', 0, 0",
    "'bytes=2000-3000, 5-6', 5, 6",
    "bytes=0-99999999999999999999999999, 0, 999",
    "bytes=-99999999999999999999999999, 0, 999"
  })
  void oneRange(String field, long first, long last) {
    assertThat(RangeSelection.of(field, 1000))
        .isEqualTo(new RangeSelection.Ranges(List.of(new ByteRange(first, last))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=1 - 2",
        "bytes 0-1",
        "lines=0-1",
        "bytes=0-1;2-3",
        "bytes=0-1,x",
        "bytes=\u0661-2"
      })
  void whatIsMalformedIsIgnored(String field) {
    assertThat(RangeSelection.of(field, 1000)).isEqualTo(WHOLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=5000-, -0"})
  void whatNamesNoByteIsUnsatisfiable(String field) {
    assertThat(RangeSelection.of(field, 1000)).isEqualTo(NONE);
  }

  @Test
  void anEmptyFileHasNoBytesToName() {
    assertThat(RangeSelection.of("bytes=0-", 0)).isEqualTo(NONE);
    assertThat(RangeSelection.of("bytes=0-0", 0)).isEqualTo(NONE);
    assertThat(RangeSelection.of("bytes=-5", 0)).isEqualTo(WHOLE);
  }

  @Test
  void severalRangesKeepTheirOrder() {
    assertThat(RangeSelection.of("bytes=500-509, 0-9, -10", 10_000))
        .isEqualTo(
            new RangeSelection.Ranges(
                List.of(new ByteRange(500, 509), new ByteRange(0, 9), new ByteRange(9990, 9999))));
  }

  @Test
  void hostileSetsGetTheWholeFile() {
    assertThat(RangeSelection.of("bytes=0-9, 5-20", 10_000)).isEqualTo(WHOLE);
    assertThat(RangeSelection.of("bytes=0-,0-,0-,0-", 10_000)).isEqualTo(WHOLE);
    assertThat(RangeSelection.of("bytes=0-0,2-2,4-4,6-6", 100)).isEqualTo(WHOLE);
    StringBuilder many = new StringBuilder("bytes=0-0");
    for (int i = 1; i <= RangeSelection.MOST_RANGES; i++) {
      many.append(',').append(i * 2).append('-').append(i * 2);
    }
    assertThat(RangeSelection.of(many.toString(), 1_000_000)).isEqualTo(WHOLE);
    String fewer = many.substring(0, many.lastIndexOf(","));
    assertThat(RangeSelection.of(fewer, 1_000_000)).isInstanceOf(RangeSelection.Ranges.class);
  }

  @Test
  void agreesWithASlowOracle() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      int size = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(3000);
      String field = field(random, size);
      assertThat(RangeSelection.of(field, size))
          .as("%s of %d bytes, seed %d", field, size, seed)
          .isEqualTo(oracle(field, size));
    }
  }

  private static String field(Random random, int size) {
    List<String> specs = new ArrayList<>();
    int count = 1 + (random.nextInt(3) == 0 ? random.nextInt(20) : random.nextInt(3));
    for (int i = 0; i < count; i++) {
      int first = random.nextInt(size + 10);
      int last = first + random.nextInt(-2, 100);
      specs.add(
          switch (random.nextInt(12)) {
            case 0 -> first + "-";
            case 1 -> "-" + random.nextInt(size + 5);
            case 2 -> "";
            case 3 -> first + "-99999999999999999999";
            default -> first + "-" + last;
          });
    }
    return "bytes=" + String.join(random.nextBoolean() ? "," : " , ", specs);
  }

  /** Byte by byte, without any of the tricks of the real thing. */
  private static RangeSelection oracle(String field, int size) {
    List<ByteRange> ranges = new ArrayList<>();
    int named = 0;
    for (String element : field.substring("bytes=".length()).split(",", -1)) {
      String spec = element.trim();
      if (spec.isEmpty()) {
        continue;
      }
      named++;
      if (spec.startsWith("-")) {
        BigInteger length = new BigInteger(spec.substring(1));
        if (length.signum() > 0 && size == 0) {
          return WHOLE;
        }
        addBytes(ranges, size, BigInteger.valueOf(size).subtract(length), BigInteger.valueOf(size));
        continue;
      }
      int dash = spec.indexOf('-');
      BigInteger first = new BigInteger(spec.substring(0, dash));
      boolean open = dash == spec.length() - 1;
      BigInteger last = open ? BigInteger.TWO.pow(80) : new BigInteger(spec.substring(dash + 1));
      if (last.compareTo(first) < 0) {
        return WHOLE;
      }
      addBytes(ranges, size, first, last);
    }
    if (named == 0 || named > 16) {
      return WHOLE;
    }
    return ranges.isEmpty() ? NONE : limited(ranges, size);
  }

  private static void addBytes(
      List<ByteRange> ranges, int size, BigInteger first, BigInteger last) {
    TreeSet<Integer> bytes = new TreeSet<>();
    for (int i = 0; i < size; i++) {
      BigInteger at = BigInteger.valueOf(i);
      if (at.compareTo(first) >= 0 && at.compareTo(last) <= 0) {
        bytes.add(i);
      }
    }
    if (!bytes.isEmpty()) {
      ranges.add(new ByteRange(bytes.first(), bytes.last()));
    }
  }

  private static RangeSelection limited(List<ByteRange> ranges, int size) {
    boolean[] seen = new boolean[size];
    long cost = 0;
    for (ByteRange range : ranges) {
      cost += 128;
      for (long i = range.first(); i <= range.last(); i++) {
        if (seen[(int) i]) {
          return WHOLE;
        }
        seen[(int) i] = true;
        cost++;
      }
    }
    return ranges.size() > 1 && cost >= size ? WHOLE : new RangeSelection.Ranges(ranges);
  }
}
