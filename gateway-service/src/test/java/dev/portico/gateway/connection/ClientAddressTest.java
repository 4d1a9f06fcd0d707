package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5952, section 4. */
class ClientAddressTest {
  @ParameterizedTest
  @CsvSource({
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:DB8::AbC, 2001:db8::abc",
    "0:0:0:0:0:0:0:1, ::1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:c000:201, 192.0.2.1",
    "::, ::",
    "2001:db8::, 2001:db8::",
  })
  void oneFormOfEach(String text, String form) {
    assertThat(ClientAddress.canonical(text)).isEqualTo(form);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "2a02:1:2:3:4:5:6:7", "2001:db8:1::"})
  void whatHasItAlreadyIsNotMadeAnew(String text) {
    assertThat(ClientAddress.canonical(text)).isSameAs(text);
  }

  @Test
  void ofAConnection() {
    assertThat(ClientAddress.of(InetAddress.ofLiteral("::1"))).isEqualTo("::1");
    assertThat(ClientAddress.of(InetAddress.ofLiteral("127.0.0.1"))).isEqualTo("127.0.0.1");
  }
}
