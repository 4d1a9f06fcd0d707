package dev.portico.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.origin.address.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBlocksTest {
  private static final Instant NOW = Instant.parse("2026-11-29T22:00:00Z");

  private static boolean holds(String block, String address) {
    return AddressBlocks.of(Map.of(Cidr.parse(block), Instant.MAX))
        .hold(InetAddress.ofLiteral(address), NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.0/24,198.51.100.0,true",
    "198.51.100.0/24,198.51.100.255,true",
    "198.51.100.0/24,198.51.101.0,false",
    "198.51.100.7,198.51.100.7,true",
    "198.51.100.7,198.51.100.6,false",
    "198.51.100.7,::ffff:198.51.100.7,true",
    "0.0.0.0/0,203.0.113.9,true",
    "0.0.0.0/0,2001:db8::1,false",
    "::/0,2001:db8::1,true",
    "::/0,203.0.113.9,false",
    "128.0.0.0/1,127.255.255.255,false",
    "128.0.0.0/1,128.0.0.0,true",
    "2001:db8::/32,2001:db8:ffff::1,true",
    "2001:db8::/32,2001:db9::1,false",
    "2001:db8::/64,2001:db8::ffff:ffff:ffff:ffff,true",
    "2001:db8::/64,2001:db8:0:1::,false",
    "2001:db8::8000:0:0:0/65,2001:db8::8000:0:0:1,true",
    "2001:db8::8000:0:0:0/65,2001:db8::7fff:0:0:1,false",
    "2001:db8::1/128,2001:db8::1,true",
    "2001:db8::1/128,2001:db8::2,false",
  })
  void aBlockHasItsAddressesAndNoOthers(String block, String address, boolean held) {
    assertThat(holds(block, address)).isEqualTo(held);
  }

  @Test
  void itEndsAndALongerOneGoesOn() {
    InetAddress address = InetAddress.ofLiteral("198.51.100.7");
    AddressBlocks blocked =
        AddressBlocks.of(
            Map.of(
                Cidr.parse("198.51.100.7"),
                NOW,
                Cidr.parse("198.51.100.0/24"),
                NOW.plusSeconds(1)));
    assertThat(blocked.hold(address, NOW.minusMillis(1))).isTrue();
    assertThat(blocked.hold(address, NOW)).isTrue();
    assertThat(blocked.hold(address, NOW.plusSeconds(1))).isFalse();
    assertThat(blocked.size(NOW.minusMillis(1))).isEqualTo(2);
    assertThat(blocked.size(NOW)).isEqualTo(1);
    assertThat(AddressBlocks.NONE.hold(address, NOW)).isFalse();
  }

  /** As comparing with each block says. */
  @Test
  void manyBlocksAreLikeEachOfThem() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Cidr, Instant> blocks = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      // Few different beginnings, so that some are met.
      bytes[0] = (byte) random.nextInt(1, 4);
      bytes[1] = (byte) random.nextInt(4);
      bytes[bytes.length - 1] = (byte) random.nextInt(4);
      int bits = random.nextInt(6, bytes.length * 8 + 1);
      for (int bit = bits; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
      }
      blocks.put(new Cidr(InetAddress.getByAddress(bytes), bits), Instant.MAX);
    }
    AddressBlocks blocked = AddressBlocks.of(blocks);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
      bytes[0] = (byte) random.nextInt(6);
      bytes[1] = (byte) random.nextInt(6);
      bytes[bytes.length - 1] = (byte) random.nextInt(6);
      InetAddress address = InetAddress.getByAddress(bytes);
      assertThat(blocked.hold(address, NOW))
          .as("seed %d, %s", seed, address)
          .isEqualTo(blocks.keySet().stream().anyMatch(each -> each.contains(address)));
    }
  }
}
