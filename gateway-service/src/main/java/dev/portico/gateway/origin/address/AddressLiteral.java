package dev.portico.gateway.origin.address;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses written as text. Content-service, which lets such texts into settings, reads them alike
 * (deploy/contracts/inner-addresses.json); Netty's own reading differs where an IPv6 address ends
 * in an IPv4 one.
 */
final class AddressLiteral {
  /** Four decimal numbers without leading zeros, which some read as octal; or colons. */
  private static final Pattern FORM =
      Pattern.compile(
          "(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private AddressLiteral() {}

  /** The address that a text is, without brackets and zone; null when it is none. */
  static @Nullable InetAddress read(String text) {
    try {
      return FORM.matcher(text).matches() ? InetAddress.ofLiteral(text) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
