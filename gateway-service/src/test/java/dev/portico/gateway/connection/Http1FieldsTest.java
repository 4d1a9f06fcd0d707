package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.HeaderFields;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

class Http1FieldsTest {
  private static HeaderFields fields(String... namesAndValues) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      request.headers().add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Http1Fields.head(request, null).headers();
  }

  /**
   * RFC 9110, section 7.6.1: an origin does not get them, so that a key or a Vary must not see them
   * either.
   */
  @Test
  void whatConnectionNamesIsGone() {
    HeaderFields fields =
        fields(
            "Connection", "close, Accept-Language ,",
            "connection", "X-Tenant",
            "Accept-Language", "de",
            "X-Tenant", "a",
            "x-tenant", "b",
            "X-Other", "c");
    assertThat(fields.contains("accept-language")).isFalse();
    assertThat(fields.contains("x-tenant")).isFalse();
    assertThat(fields.first("x-other")).isEqualTo("c");
    assertThat(fields.all("connection")).hasSize(2);
  }

  /** Else a viewer could take the framing from the door, or its address from a proxy's word. */
  @Test
  void whatTheGatewayReadsItselfStays() {
    HeaderFields fields =
        fields(
            "Connection", "host, content-length, transfer-encoding, x-forwarded-for, upgrade, te",
            "Host", "demo.localhost",
            "Content-Length", "3",
            "X-Forwarded-For", "192.0.2.1",
            "Upgrade", "websocket",
            "TE", "trailers");
    for (String name :
        new String[] {"host", "content-length", "x-forwarded-for", "upgrade", "te"}) {
      assertThat(fields.contains(name)).as(name).isTrue();
    }
  }
}
