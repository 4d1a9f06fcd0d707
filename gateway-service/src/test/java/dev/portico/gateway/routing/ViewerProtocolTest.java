package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudFront's "Require HTTPS between viewers and CloudFront". */
class ViewerProtocolTest {
  private static ViewerRequest request(String scheme, String method, HttpProtocol protocol) {
    return new ViewerRequest(
        RequestIds.of(0, null),
        method,
        scheme,
        "example.com",
        80,
        "/",
        "/",
        false,
        null,
        HeaderFields.NONE,
        "192.0.2.1",
        protocol,
        0,
        new ConnectionMemory());
  }

  @ParameterizedTest
  @CsvSource({
    "allow-all,http,GET,HTTP_1_0,0",
    "allow-all,http,POST,HTTP_1_1,0",
    "redirect-to-https,https,GET,HTTP_1_1,0",
    "redirect-to-https,https,POST,HTTP_1_0,0",
    "redirect-to-https,http,GET,HTTP_1_0,301",
    "redirect-to-https,http,GET,HTTP_1_1,301",
    "redirect-to-https,http,HEAD,HTTP_2,301",
    "redirect-to-https,http,POST,HTTP_1_0,403",
    "redirect-to-https,http,POST,HTTP_1_1,307",
    "redirect-to-https,http,PUT,HTTP_2,307",
    "redirect-to-https,http,PATCH,HTTP_1_1,307",
    "redirect-to-https,http,DELETE,HTTP_1_1,307",
    "redirect-to-https,http,OPTIONS,HTTP_1_1,307",
    "https-only,https,GET,HTTP_1_1,0",
    "https-only,http,GET,HTTP_1_1,403",
    "https-only,http,POST,HTTP_2,403",
  })
  void judges(String policy, String scheme, String method, HttpProtocol protocol, int status) {
    assertThat(ViewerProtocol.of(policy).judge(request(scheme, method, protocol)))
        .isEqualTo(status);
  }

  @Test
  void thereAreThree() {
    assertThatThrownBy(() -> ViewerProtocol.of("https"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
