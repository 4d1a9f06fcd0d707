package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedForTest {
  private static final String PEER = "10.0.0.9";

  @Test
  void believesNobodyWithoutTrustedProxies() {
    ForwardedFor viewer =
        ForwardedFor.of(
            PEER, "http", 0, Fields.of("X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https"));
    assertThat(viewer).isEqualTo(new ForwardedFor(PEER, "http", -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; 1.2.3.4; 1.2.3.4",
        "1; 6.6.6.6, 1.2.3.4; 1.2.3.4",
        "2; 6.6.6.6, 1.2.3.4, 10.0.0.8; 1.2.3.4",
        "2; 1.2.3.4; 1.2.3.4",
        "1; 6.6.6.6, junk; 10.0.0.9",
        "2; 6.6.6.6, junk, 10.0.0.8; 10.0.0.8",
        "1; 1.2.3.4:5678; 1.2.3.4",
        "1; [2001:db8::1]:5678; 2001:db8::1",
        "1; 2001:db8::1; 2001:db8::1",
        "1; 2001:DB8:0:0::77; 2001:db8::77",
        "1; ::ffff:127.0.0.9; 127.0.0.9",
        "1; ::FFFF:7f00:9; 127.0.0.9",
        "1; [2001:DB8::1]:5678; 2001:db8::1",
        "1; ''; 10.0.0.9",
        "1; fe80::1%nope; 10.0.0.9",
        "2; fe80::1%1, 10.0.0.8; 10.0.0.8",
        "1; [fe80::1%nope]:5678; 10.0.0.9",
      })
  void takesTheAddressThatTheOutermostTrustedProxySaw(int proxies, String header, String viewer) {
    assertThat(
            ForwardedFor.of(PEER, "http", proxies, Fields.of("X-Forwarded-For", header)).address())
        .isEqualTo(viewer);
  }

  @Test
  void joinsSeveralLinesInOrder() {
    ForwardedFor viewer =
        ForwardedFor.of(
            PEER,
            "http",
            2,
            Fields.of("X-Forwarded-For", "6.6.6.6, 1.2.3.4", "X-Forwarded-For", "10.0.0.8"));
    assertThat(viewer.address()).isEqualTo("1.2.3.4");
  }

  @Test
  void takesSchemeAndPortFromTheProxy() {
    ForwardedFor viewer =
        ForwardedFor.of(
            PEER,
            "http",
            1,
            Fields.of(
                "X-Forwarded-For", "1.2.3.4",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Port", "443"));
    assertThat(viewer).isEqualTo(new ForwardedFor("1.2.3.4", "https", 443));
    assertThat(ForwardedFor.of(PEER, "http", 1, Fields.of("X-Forwarded-Proto", "gopher")).scheme())
        .isEqualTo("http");
  }
}
