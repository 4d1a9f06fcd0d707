package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientConnectionsTest {
  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void eachClientHasItsOwnNumber() {
    ClientConnections clients = new ClientConnections(2);
    assertThat(clients.opened(address("192.0.2.1"))).isTrue();
    assertThat(clients.opened(address("192.0.2.1"))).isTrue();
    assertThat(clients.opened(address("192.0.2.1"))).isFalse();
    assertThat(clients.opened(address("192.0.2.1"))).isFalse();
    assertThat(clients.opened(address("192.0.2.2"))).isTrue();
    assertThat(clients.refused()).isEqualTo(2);
    clients.closed(address("192.0.2.1"));
    assertThat(clients.opened(address("192.0.2.1"))).isTrue();
    assertThat(clients.opened(address("192.0.2.1"))).isFalse();
  }

  /** Whoever has one address of a network of 64 bits has them all. */
  @Test
  void aNetworkOfIpv6IsOneClient() {
    ClientConnections clients = new ClientConnections(1);
    assertThat(clients.opened(address("2001:db8:0:1::1"))).isTrue();
    assertThat(clients.opened(address("2001:db8:0:1:ffff::2"))).isFalse();
    assertThat(clients.opened(address("2001:db8:0:2::1"))).isTrue();
    clients.closed(address("2001:db8:0:1::9"));
    assertThat(clients.opened(address("2001:db8:0:1::3"))).isTrue();
  }

  @Test
  void zeroIsAnyNumber() {
    ClientConnections clients = new ClientConnections(0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(clients.opened(address("192.0.2.1"))).isTrue();
    }
    clients.closed(address("192.0.2.1"));
    assertThat(clients.refused()).isZero();
  }
}
