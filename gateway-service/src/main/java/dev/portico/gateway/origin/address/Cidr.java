package dev.portico.gateway.origin.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A range of IP addresses (RFC 4632; RFC 4291, section 2.3).
 *
 * @param network an address of the range
 * @param bits how many of its first bits all addresses of the range share
 */
public record Cidr(InetAddress network, int bits) {
  private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

  /** Checks the number of bits. */
  public Cidr {
    if (bits < 0 || bits > network.getAddress().length * 8) {
      throw new IllegalArgumentException("Not a prefix length: " + bits);
    }
  }

  /**
   * Reads a range like {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a range of one.
   * Content-service reads the same setting, and takes and refuses the same
   * (deploy/contracts/inner-addresses.json).
   *
   * @throws IllegalArgumentException when it is none, or has bits set beyond its prefix: then one
   *     of the two is a mistake
   */
  public static Cidr parse(String text) {
    String range = text.strip();
    int slash = range.indexOf('/');
    String address = slash < 0 ? range : range.substring(0, slash);
    String length = slash < 0 ? null : range.substring(slash + 1);
    InetAddress network = AddressLiteral.read(address);
    if (network == null || (length != null && !BITS.matcher(length).matches())) {
      throw new IllegalArgumentException("Not a range of addresses: " + text);
    }
    int all = network.getAddress().length * 8;
    Cidr read = new Cidr(network, length == null ? all : Integer.parseInt(length));
    if (!read.first()) {
      throw new IllegalArgumentException("Bits are set beyond the prefix: " + text);
    }
    return read;
  }

  /** Whether the network's address is the first of the range. */
  private boolean first() {
    int all = network.getAddress().length * 8;
    BigInteger number = new BigInteger(1, network.getAddress());
    return number.signum() == 0 || number.getLowestSetBit() >= all - bits;
  }

  /** Whether an address lies in this range; one of the other family never does. */
  public boolean contains(InetAddress address) {
    return contains(address.getAddress());
  }

  boolean contains(byte[] address) {
    byte[] own = network.getAddress();
    if (own.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (own[i] != address[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || ((own[whole] ^ address[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }
}
