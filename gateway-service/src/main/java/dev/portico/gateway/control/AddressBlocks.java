package dev.portico.gateway.control;

import dev.portico.gateway.origin.address.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of addresses, each up to its end. Answers: does one have an address? Takes one look-up for
 * each length of prefix that there is, however many blocks have it. Immutable.
 */
public final class AddressBlocks {
  /** None. */
  public static final AddressBlocks NONE = new AddressBlocks(Map.of());

  private static final int HALF = Long.BYTES;

  private final Map<Prefix, Instant> ends = new HashMap<>();
  private final int[] lengths4;
  private final int[] lengths6;

  /**
   * The first bits of addresses.
   *
   * @param version6 whether of IPv6
   * @param bits how many
   * @param high the first 64 of the address, all but the prefix 0; of IPv4 the first 32
   * @param low the rest
   */
  private record Prefix(boolean version6, int bits, long high, long low) {
    static Prefix of(byte[] address, int bits) {
      return of(address.length > 4, bits, half(address, 0), half(address, HALF));
    }

    static Prefix of(boolean version6, int bits, long high, long low) {
      return new Prefix(version6, bits, high & mask(bits), low & mask(bits - Long.SIZE));
    }

    /** Of the bytes of an address that there are from here on, the first 8. */
    static long half(byte[] address, int from) {
      long bits = 0;
      for (int i = from; i < Math.min(address.length, from + HALF); i++) {
        bits |= (address[i] & 0xffL) << (56 - 8 * (i - from));
      }
      return bits;
    }

    private static long mask(int bits) {
      return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }
  }

  private AddressBlocks(Map<Cidr, Instant> blocks) {
    TreeSet<Integer> of4 = new TreeSet<>();
    TreeSet<Integer> of6 = new TreeSet<>();
    blocks.forEach(
        (block, until) -> {
          Prefix prefix = Prefix.of(block.network().getAddress(), block.bits());
          ends.merge(prefix, until, (one, other) -> one.isAfter(other) ? one : other);
          (prefix.version6() ? of6 : of4).add(prefix.bits());
        });
    lengths4 = of4.stream().mapToInt(Integer::intValue).toArray();
    lengths6 = of6.stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * These.
   *
   * @param blocks each with its end; {@link Instant#MAX} for none
   */
  public static AddressBlocks of(Map<Cidr, Instant> blocks) {
    return blocks.isEmpty() ? NONE : new AddressBlocks(blocks);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return ends.isEmpty();
  }

  /** How many blocks hold now. */
  public long size(Instant now) {
    return ends.values().stream().filter(now::isBefore).count();
  }

  /** Whether a block that has not ended has the address. */
  public boolean hold(InetAddress address, Instant now) {
    byte[] bytes = address.getAddress();
    boolean version6 = bytes.length > 4;
    long high = Prefix.half(bytes, 0);
    long low = Prefix.half(bytes, HALF);
    for (int bits : version6 ? lengths6 : lengths4) {
      @Nullable Instant until = ends.get(Prefix.of(version6, bits, high, low));
      if (until != null && now.isBefore(until)) {
        return true;
      }
    }
    return false;
  }
}
