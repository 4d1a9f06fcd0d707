package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginFieldsTest {
  private static String host(OriginFixture.Shape shape) {
    HttpOrigin origin = shape.make();
    return OriginFields.wireRequest(
            OriginFixture.request(origin, "GET", "/", 0), Target.of(origin), null)
        .authority();
  }

  @Test
  void leavesOutTheDefaultPort() {
    assertThat(host(OriginFixture.at("a.example", 80))).isEqualTo("a.example");
    assertThat(host(OriginFixture.at("a.example", 443).tls())).isEqualTo("a.example");
    assertThat(host(OriginFixture.at("a.example", 443))).isEqualTo("a.example:443");
    assertThat(host(OriginFixture.at("a.example", 80).tls())).isEqualTo("a.example:80");
    assertThat(host(OriginFixture.at("2001:db8::1", 8080))).isEqualTo("[2001:db8::1]:8080");
  }

  @ParameterizedTest
  @CsvSource({
    "'', /, /",
    "'', /a?b, /a?b",
    "'', *, *",
    "/base, /a?b, /base/a?b",
    "/base, /, /base/",
    "/base, *, /base"
  })
  void putsThePrefixBeforeThePath(String prefix, String path, String sent) {
    HttpOrigin origin = OriginFixture.at("a.example", 80).prefix(prefix).make();
    OriginRequest request = OriginFixture.request(origin, "OPTIONS", path, 0);
    assertThat(OriginFields.wireRequest(request, Target.of(origin), null).target()).isEqualTo(sent);
  }

  @Test
  void leavesTheRequestItselfAsItIs() {
    HttpOrigin origin = OriginFixture.at("a.example", 80).field("X-Key", "new").make();
    OriginRequest request = OriginFixture.request(origin, "GET", "/", 0, "x-key", "old");
    assertThat(OriginFields.wireRequest(request, Target.of(origin), null).headers().getAll("X-Key"))
        .containsExactly("new");
    assertThat(request.headers().getAll("X-Key")).containsExactly("old");
  }
}
