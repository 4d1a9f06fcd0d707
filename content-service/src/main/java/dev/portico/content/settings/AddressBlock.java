package dev.portico.content.settings;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses, such as {@code 10.0.0.0/8} (RFC 4632) or {@code fc00::/7} (RFC 4291 section
 * 2.3).
 *
 * @param ofVersion6 whether it is of IPv6
 * @param prefix the first bits of its addresses, as a number
 * @param bits how many these are
 */
public record AddressBlock(boolean ofVersion6, BigInteger prefix, int bits) {
  private static final int VERSION_4 = 4;
  private static final int VERSION_6 = 16;

  /**
   * Reads a block, or an address as the block of it alone.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    InetAddress base = OriginHost.address(OriginHost.normalise(address));
    if (base == null) {
      throw new IllegalArgumentException(text + " is no block of addresses");
    }
    int length = base.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? length : bits(text, slash, length);
    AddressBlock block = new AddressBlock(base instanceof Inet6Address, prefix(base, bits), bits);
    if (!block.prefix.shiftLeft(length - bits).equals(number(base))) {
      throw new IllegalArgumentException(text + " has bits set beyond its prefix");
    }
    return block;
  }

  private static int bits(String text, int slash, int length) {
    String number = text.substring(slash + 1);
    if (!number.matches("[0-9]{1,3}") || Integer.parseInt(number) > length) {
      throw new IllegalArgumentException(text + " has no prefix length from 0 to " + length);
    }
    return Integer.parseInt(number);
  }

  /** Whether an address lies in it; one of the other family never does. */
  public boolean holds(InetAddress address) {
    return ofVersion6 == address instanceof Inet6Address && prefix(address, bits).equals(prefix);
  }

  /** Its one form: the first address, and how many bits are shared. */
  public String text() {
    int length = ofVersion6 ? VERSION_6 : VERSION_4;
    byte[] number = prefix.shiftLeft(length * Byte.SIZE - bits).toByteArray();
    byte[] address = new byte[length];
    for (int i = 1; i <= Math.min(length, number.length); i++) {
      address[length - i] = number[number.length - i];
    }
    try {
      return InetAddress.getByAddress(address).getHostAddress() + '/' + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** Whether one of the two lies in the other. */
  boolean overlaps(AddressBlock other) {
    int shared = Math.min(bits, other.bits);
    return ofVersion6 == other.ofVersion6
        && prefix.shiftRight(bits - shared).equals(other.prefix.shiftRight(other.bits - shared));
  }

  private static BigInteger prefix(InetAddress address, int bits) {
    return number(address).shiftRight(address.getAddress().length * Byte.SIZE - bits);
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }
}
