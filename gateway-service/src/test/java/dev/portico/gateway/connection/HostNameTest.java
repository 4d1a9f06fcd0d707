package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
  @ParameterizedTest
  @CsvSource({
    "Example.ORG, example.org, -1",
    "example.org., example.org, -1",
    "example.org:8080, example.org, 8080",
    "a--b.localhost:1, a--b.localhost, 1",
    "a_b.example.org, a_b.example.org, -1",
    "127.0.0.1:80, 127.0.0.1, 80",
    "[::1]:8443, [::1], 8443",
    "[2001:DB8::1], [2001:db8::1], -1",
  })
  void readsHostAndPort(String text, String name, int port) {
    assertThat(HostName.parse(text)).isEqualTo(new HostName(name, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        ".a",
        "a b",
        "a/b",
        "user@a",
        "a:",
        "a:0",
        "a:65536",
        "a:80x",
        "a:-1",
        "[::1",
        "::1",
        "[zz]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[[::1]]",
        "[]",
        "a%41",
        "ä.example",
        "a,b",
        "a:1:2"
      })
  void refusesWhatIsNoHost(String text) {
    assertThat(HostName.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 300})
  void refusesLabelsAndNamesThatAreTooLong(int length) {
    assertThat(HostName.parse("a".repeat(length))).isNull();
    assertThat(HostName.parse("a.".repeat(127) + "a")).isNull();
    assertThat(HostName.parse("a".repeat(63))).isNotNull();
  }
}
