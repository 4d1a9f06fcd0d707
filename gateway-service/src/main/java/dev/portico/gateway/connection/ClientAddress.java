package dev.portico.gateway.connection;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses in the one form in which they are logged, compared and told (RFC 5952); IPv4 as such
 * where it is written as IPv6 (RFC 4291, section 2.5.5.2).
 */
final class ClientAddress {
  private ClientAddress() {}

  static String of(InetAddress address) {
    return NetUtil.toAddressString(address);
  }

  /** The same address in that form; the very same text where it plainly has it. */
  static String canonical(String text) {
    if (text.indexOf(':') < 0 || plain(text)) {
      return text;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? text : of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address of a length that there is not: " + text, e);
    }
  }

  /** Nothing in it may be written in another way: nearly all that proxies write. */
  private static boolean plain(String text) {
    int groups = 0;
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      if ((!hex && c != ':') || (begins && c == '0')) {
        return false;
      }
      if (begins && hex) {
        groups++;
      }
      begins = c == ':';
    }
    // Seven and :: would be a single group of zeros, which stays written out.
    boolean whole = groups == 8 || (groups < 7 && text.contains("::"));
    return whole && !text.startsWith("::");
  }
}
