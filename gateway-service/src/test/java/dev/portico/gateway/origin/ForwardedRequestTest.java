package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedRequestTest {
  private static final Origin ORIGIN = Origin.of(URI.create("http://service:8081"));

  private static HttpHeaders forwarded(long bodyLength, String... namesAndValues) {
    HttpHeaders sent = new DefaultHttpHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      sent.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    ViewerRequest request =
        new ViewerRequest(
            "r1",
            "00-trace",
            "PUT",
            "https",
            "api.example.org",
            443,
            "/v1",
            "/v1",
            false,
            null,
            new NettyHeaderFields(sent),
            "192.0.2.7",
            HttpProtocol.HTTP_2,
            0);
    return ForwardedRequest.headers(request, ORIGIN, bodyLength);
  }

  /** RFC 9110, section 7.6.1: MUST remove what Connection names, and Connection itself. */
  @Test
  void removesHopByHopFields() {
    HttpHeaders headers =
        forwarded(
            0,
            "Connection",
            "close, x-one",
            "connection",
            "X-Two",
            "X-One",
            "1",
            "X-Two",
            "2",
            "X-Three",
            "3",
            "Keep-Alive",
            "timeout=5",
            "TE",
            "trailers",
            "Trailer",
            "X",
            "Transfer-Encoding",
            "chunked",
            "Upgrade",
            "websocket",
            "Proxy-Connection",
            "close",
            "Proxy-Authorization",
            "Basic x");
    assertThat(headers.names())
        .containsExactlyInAnyOrder(
            "host",
            "X-Three",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-request-id",
            "traceparent",
            "via");
  }

  @Test
  void replacesWhatAViewerMustNotSay() {
    HttpHeaders headers =
        forwarded(
            0, "Host", "evil", "X-Forwarded-For", "6.6.6.6", "X-Request-Id", "x", "Via", "1.0 a");
    assertThat(headers.getAll("host")).containsExactly("service:8081");
    assertThat(headers.getAll("x-forwarded-for")).containsExactly("192.0.2.7");
    assertThat(headers.getAll("x-forwarded-host")).containsExactly("api.example.org");
    assertThat(headers.getAll("x-request-id")).containsExactly("r1");
    assertThat(headers.getAll("via")).containsExactly("1.0 a", "2 portico");
  }

  @Test
  void framesTheBodyItself() {
    assertThat(forwarded(7, "Content-Length", "7").getAll("content-length")).containsExactly("7");
    assertThat(forwarded(0, "Content-Length", "0").getAll("content-length")).containsExactly("0");
    assertThat(forwarded(0).contains("content-length")).isFalse();
    assertThat(forwarded(-1).getAll("transfer-encoding")).containsExactly("chunked");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a", "http://a/path", "a:80", "file:///x", "http:///x"})
  void refusesAddressesThatAreNoOrigins(String address) {
    assertThatIllegalArgumentException().isThrownBy(() -> Origin.of(URI.create(address)));
  }

  @Test
  void readsOrigins() {
    assertThat(Origin.of(URI.create("http://[::1]:81/"))).isEqualTo(new Origin("::1", 81));
    assertThat(new Origin("::1", 81).authority()).isEqualTo("[::1]:81");
    assertThat(Origin.of(URI.create("http://a")).authority()).isEqualTo("a");
  }
}
