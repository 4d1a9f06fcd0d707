package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which hosts an origin may have. */
class OriginHostTest {
  private static InnerAddresses allowing(String... blocks) {
    return new OriginsSettings(List.of(blocks)).inner();
  }

  private static boolean wellFormed(String host) {
    return OriginHost.name(host) || OriginHost.address(host) != null;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "a.b-c.example",
        "xn--bcher-kva.example",
        "_x.example",
        "8.8.8.8.example",
        "3com.example",
        "93.184.216.34",
        "2606:4700::1111",
      })
  void publicHosts(String host) {
    assertThat(wellFormed(host)).isTrue();
    assertThat(allowing().refusal(host)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        "a.example.",
        "-a.example",
        "a-.example",
        "a b.example",
        "a.example:80",
        "https://a.example",
        "a.example/x",
        "user@a.example",
        "bücher.example",
        "[2606:4700::1111]",
        "fe80::1%eth0",
        ":::",
        "1::2::3",
        // notations of IPv4 that resolvers understand
        "127.1",
        "127.0.0.01",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "256.1.1.1",
        "1.2.3.4.5",
        "a.1",
      })
  void whatIsNoHost(String host) {
    assertThat(wellFormed(host)).isFalse();
  }

  @Test
  void labelsAndNamesHaveTheirLengths() {
    String label = "a".repeat(63);
    assertThat(OriginHost.name(label + ".example")).isTrue();
    assertThat(OriginHost.name(label + "a.example")).isFalse();
    String longest = (label + '.').repeat(3) + "a".repeat(61);
    assertThat(OriginHost.name(longest)).isTrue();
    assertThat(OriginHost.name(longest + "a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,loopback",
    "127.255.0.1,loopback",
    "::1,loopback",
    "::ffff:127.0.0.1,loopback",
    "::ffff:7f00:1,loopback",
    "169.254.169.254,link-local",
    "fe80::1,link-local",
    "10.1.2.3,private",
    "172.16.0.1,private",
    "172.31.255.255,private",
    "192.168.1.1,private",
    "fd00:ec2::254,private",
    "100.64.0.1,carrier-grade NAT",
    "0.0.0.0,unspecified",
    "::,unspecified",
    "::127.0.0.1,unspecified",
    "64:ff9b::7f00:1,loopback",
    "64:ff9b:1::1,translated from IPv4",
    "2001:2::1,reserved",
    "fbff::1,reserved",
    "2002:7f00:1::,translated from IPv4",
    "::ffff:0:127.0.0.1,translated from IPv4",
    "224.0.0.1,multicast",
    "255.255.255.255,reserved",
    "ff02::1,multicast",
    "2001:db8::1,documentation",
  })
  void innerAddressesAreRefused(String host, String kind) {
    assertThat(wellFormed(host)).isTrue();
    assertThat(allowing().refusal(host)).contains("a " + kind + " address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "172.15.255.255",
        "172.32.0.0",
        "11.0.0.0",
        "9.255.255.255",
        "100.63.255.255",
        "100.128.0.0",
        "169.253.255.255",
        "192.167.255.255",
        "223.255.255.255",
        "128.0.0.0",
        "2003::1",
      })
  void addressesBesideTheBlocksArePublic(String host) {
    assertThat(allowing().refusal(host)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "a.localhost", "db", "db.local", "x.internal", "a.home.arpa"})
  void obviouslyInnerNamesAreRefused(String host) {
    assertThat(OriginHost.name(host)).isTrue();
    assertThat(allowing().refusal(host)).isNotNull();
  }

  @Test
  void theOperatorOpensBlocks() {
    assertThat(allowing("10.1.0.0/16").refusal("10.1.2.3")).isNull();
    assertThat(allowing("10.1.0.0/16").refusal("10.2.2.3")).isNotNull();
    assertThat(allowing("10.1.0.0/16").refusal("127.0.0.1")).isNotNull();
    assertThat(allowing("10.1.0.0/16").refusal("localhost")).isNotNull();
    assertThat(allowing("10.1.0.0/16").refusal("db.internal")).isNull();
    assertThat(allowing("127.0.0.1/32").refusal("localhost")).isNull();
    assertThat(allowing("::1").refusal("a.localhost")).isNull();
    assertThat(allowing("0.0.0.0/0").refusal("127.0.0.1")).isNull();
    assertThat(allowing("0.0.0.0/0").refusal("::1")).isNotNull();
    assertThat(allowing("fd00::/8", "10.0.0.0/8").refusal("fd12::1")).isNull();
  }

  @Test
  void whatIsNoBlockStopsTheStart() {
    assertThatThrownBy(() -> new OriginsSettings(List.of("10.0.0.1/8")))
        .hasMessageContaining("PORTICO_ORIGIN_ALLOWED_INNER");
  }

  /** Java's own judgement, where it has one, is never laxer than ours. */
  @Test
  void randomAddressesAsJavaJudgesThem() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      if (random.nextBoolean()) {
        byte[] starts = {10, 127, (byte) 169, (byte) 172, (byte) 192, (byte) 0xfe, (byte) 0xff};
        bytes[0] = starts[random.nextInt(starts.length)];
      }
      InetAddress address = InetAddress.getByAddress(bytes);
      boolean inner =
          address.isLoopbackAddress()
              || address.isLinkLocalAddress()
              || address.isSiteLocalAddress()
              || address.isAnyLocalAddress()
              || address.isMulticastAddress();
      if (inner) {
        assertThat(allowing().refusal(address.getHostAddress()))
            .as("seed %d: %s", seed, address)
            .isNotNull();
      }
    }
  }
}
