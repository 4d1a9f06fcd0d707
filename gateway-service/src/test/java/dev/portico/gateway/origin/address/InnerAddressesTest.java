package dev.portico.gateway.origin.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InnerAddressesTest {
  private static final InnerAddresses RULE = new InnerAddresses(List.of());

  private static byte[] bytes(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    assertThat(bytes).as(address).isNotNull();
    return bytes;
  }

  private static InnerAddresses allowing(String... ranges) {
    return new InnerAddresses(Arrays.stream(ranges).map(Cidr::parse).toList());
  }

  /** RFC 4291, 2.5.5.2; RFC 6052: they lead where the IPv4 address in them leads. */
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "10.1.2.3, true",
    "169.254.169.254, true",
    "0.0.0.0, true",
    "8.8.8.8, false",
    "93.184.216.34, false"
  })
  void judgesFormsThatHoldAnIpv4AddressByIt(String inner, boolean refused) {
    byte[] four = bytes(inner);
    assertThat(RULE.refuses(with(four, 12, 10, 0xff, 11, 0xff))).as("mapped").isEqualTo(refused);
    assertThat(RULE.refuses(with(four, 12, 1, 0x64, 2, 0xff, 3, 0x9b)))
        .as("NAT64")
        .isEqualTo(refused);
    assertThat(RULE.refuses(with(four, 2, 0, 0x20, 1, 0x02))).as("6to4").isTrue();
  }

  /** Java makes an IPv4 address of a mapped one by itself; the outcome must be the same. */
  @Test
  void judgesMappedAddressesAsJavaReadsThem() throws UnknownHostException {
    byte[] mapped = with(bytes("127.0.0.1"), 12, 10, 0xff, 11, 0xff);
    assertThat(RULE.refuses(InetAddress.getByAddress(mapped))).isTrue();
    assertThat(RULE.refuses(InetAddress.getByAddress(bytes("::1")))).isTrue();
    assertThat(RULE.refuses(InetAddress.getByAddress(bytes("1.1.1.1")))).isFalse();
  }

  @Test
  void letsPassWhatTheOperatorLists() {
    InnerAddresses rule = allowing("10.1.0.0/16", "fd00::/8", "127.0.0.1");
    assertThat(rule.refuses(bytes("10.1.2.3"))).isFalse();
    assertThat(rule.refuses(bytes("10.2.0.1"))).isTrue();
    assertThat(rule.refuses(bytes("fd12::1"))).isFalse();
    assertThat(rule.refuses(bytes("fc00::1"))).isTrue();
    assertThat(rule.refuses(bytes("127.0.0.1"))).isFalse();
    assertThat(rule.refuses(bytes("127.0.0.2"))).isTrue();
    assertThat(rule.refuses(bytes("::1"))).isTrue();
    assertThat(rule.refuses(with(bytes("10.1.2.3"), 12, 10, 0xff, 11, 0xff))).isFalse();
    assertThat(rule.refuses(with(bytes("10.2.2.3"), 12, 10, 0xff, 11, 0xff))).isTrue();
  }

  @Test
  void listingAllOfIpv6DoesNotListWhatItHoldsOfIpv4() {
    assertThat(allowing("0.0.0.0/0").refuses(bytes("127.0.0.1"))).isFalse();
    assertThat(allowing("0.0.0.0/0").refuses(bytes("::1"))).isTrue();
  }

  /** Against Java's own judgement, where it has one. */
  @Test
  void refusesWhateverJavaCallsInner() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(address);
      if (random.nextBoolean()) {
        address[0] = (byte) new int[] {10, 127, 169, 172, 192, 0xfe, 0xff, 0}[random.nextInt(8)];
        address[1] = (byte) new int[] {254, 168, 16, 31, 0x80, 0xc0, 0, 1}[random.nextInt(8)];
      }
      InetAddress java = InetAddress.getByAddress(address);
      boolean inner =
          java.isAnyLocalAddress()
              || java.isLoopbackAddress()
              || java.isLinkLocalAddress()
              || java.isSiteLocalAddress()
              || java.isMulticastAddress();
      if (inner) {
        assertThat(RULE.refuses(address)).as("%s, seed %d", java, seed).isTrue();
      }
    }
  }

  /** An IPv6 address that holds {@code four} at {@code offset}, and bytes given by index, value. */
  private static byte[] with(byte[] four, int offset, int... indexesAndValues) {
    byte[] address = new byte[16];
    System.arraycopy(four, 0, address, offset, 4);
    for (int i = 0; i < indexesAndValues.length; i += 2) {
      address[indexesAndValues[i]] = (byte) indexesAndValues[i + 1];
    }
    return address;
  }
}
