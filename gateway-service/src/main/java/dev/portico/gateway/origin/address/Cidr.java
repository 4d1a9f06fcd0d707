package dev.portico.gateway.origin.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses (RFC 4632; RFC 4291, section 2.3).
 *
 * @param network an address of the range
 * @param bits how many of its first bits all addresses of the range share
 */
public record Cidr(InetAddress network, int bits) {
  /** Checks the number of bits. */
  public Cidr {
    if (bits < 0 || bits > network.getAddress().length * 8) {
      throw new IllegalArgumentException("Not a prefix length: " + bits);
    }
  }

  /**
   * Reads a range like {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a range of one.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Cidr parse(String text) {
    String range = text.strip();
    int slash = range.indexOf('/');
    String address = slash < 0 ? range : range.substring(0, slash);
    byte[] bytes =
        address.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      throw new IllegalArgumentException("Not a range of addresses: " + text);
    }
    try {
      InetAddress network = InetAddress.getByAddress(bytes);
      int all = network.getAddress().length * 8;
      return new Cidr(network, slash < 0 ? all : Integer.parseInt(range.substring(slash + 1)));
    } catch (UnknownHostException | NumberFormatException e) {
      throw new IllegalArgumentException("Not a range of addresses: " + text, e);
    }
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
