package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedRequestTest {
  private static final RequestIds IDS = RequestIds.of(0, null);

  private static HttpHeaders forwarded(String... namesAndValues) {
    return ForwardedRequest.headers(request("192.0.2.7", namesAndValues));
  }

  private static ViewerRequest request(String client, String... namesAndValues) {
    HttpHeaders sent = new DefaultHttpHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      sent.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ViewerRequest(
        IDS,
        "PUT",
        "https",
        "api.example.org",
        443,
        "/v1",
        "/v1",
        false,
        null,
        new NettyHeaderFields(sent),
        client,
        HttpProtocol.HTTP_2,
        0,
        new ConnectionMemory());
  }

  @Test
  void viewersCannotSayWhatOnlyTheGatewayKnowsAboutThem() {
    ViewerRequest request =
        request("192.0.2.7", "CloudFront-Viewer-Country", "XX", "cloudfront-viewer-address", "::1");
    assertThat(ForwardedRequest.toOrigin(request).names())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("cloudfront-"));
    assertThat(ForwardedRequest.toOrigin(request, name -> true).names())
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("cloudfront-"));
    assertThat(ForwardedRequest.headers(request).contains("CloudFront-Viewer-Country")).isTrue();
  }

  /** RFC 9110, section 7.6.1: MUST remove what Connection names, and Connection itself. */
  @Test
  void removesHopByHopFields() {
    HttpHeaders headers =
        forwarded(
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
            "Host", "evil", "X-Forwarded-For", "6.6.6.6", "X-Request-Id", "x", "Via", "1.0 a");
    assertThat(headers.contains("host")).isFalse();
    assertThat(headers.getAll("x-forwarded-for")).containsExactly("192.0.2.7");
    assertThat(headers.getAll("x-forwarded-host")).containsExactly("api.example.org");
    assertThat(headers.getAll("x-request-id")).containsExactly(IDS.requestId());
    assertThat(headers.getAll("via")).containsExactly("1.0 a", "2 portico");
  }

  /** Applications behind other proxies go by these. */
  @Test
  void passesNothingOnThatOnlyAProxyMaySay() {
    HttpHeaders headers =
        forwarded(
            "X-Forwarded-User",
            "root",
            "X-Forwarded-Groups",
            "admins",
            "X_Forwarded_Email",
            "root@example.com",
            "X-Forwarded-Method",
            "PUT",
            "X-Forwarded-Prefix",
            "/p");
    assertThat(headers.names())
        .containsExactlyInAnyOrder(
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-request-id",
            "traceparent",
            "via");
  }

  @Test
  void noTrailerSaysThatEither() {
    HttpHeaders sent = new DefaultHttpHeaders();
    sent.add("X-Forwarded-User", "root");
    sent.add("x_forwarded_groups", "admins");
    sent.add("X-Sum", "1");
    assertThat(ForwardedRequest.trailers(new NettyHeaderFields(sent)).names())
        .containsExactly("X-Sum");
    assertThat(
            ForwardedRequest.toOrigin(
                    request("192.0.2.7", "X-Forwarded-User", "root", "X-Kept", "1"), name -> true)
                .names())
        .contains("X-Kept")
        .doesNotContain("X-Forwarded-User");
  }

  @Test
  void leavesTheFramingToTheConnection() {
    assertThat(forwarded("Content-Length", "7").contains("content-length")).isFalse();
    assertThat(forwarded("Transfer-Encoding", "chunked").contains("transfer-encoding")).isFalse();
  }

  /** RFC 7239, section 4; section 6.1 for the quotes. */
  @Test
  void tellsAnOriginOfATeamsInForwardedToo() {
    HttpHeaders headers =
        ForwardedRequest.toOrigin(request("192.0.2.7", "Forwarded", "for=6.6.6.6"));
    assertThat(headers.getAll("forwarded"))
        .containsExactly("for=192.0.2.7;host=api.example.org;proto=https");
    assertThat(ForwardedRequest.toOrigin(request("2001:db8::1")).get("forwarded"))
        .isEqualTo("for=\"[2001:db8::1]\";host=api.example.org;proto=https");
    assertThat(forwarded().contains("forwarded")).isFalse();
  }

  /** RFC 9110, section 10.1.4: TE is the gateway's own, sent for who takes trailers. */
  @Test
  void asksForTrailersForAViewerThatTakesThem() {
    assertThat(ForwardedRequest.toOrigin(request("192.0.2.7", "TE", "deflate, Trailers")).get("te"))
        .isEqualTo("trailers");
    assertThat(ForwardedRequest.toOrigin(request("192.0.2.7", "TE", "gzip")).contains("te"))
        .isFalse();
  }

  /** RFC 9110, section 6.5.1: MUST NOT merge, and SHOULD NOT forward, what belongs in a head. */
  @Test
  void passesOnlyTrailersThatAreOnes() {
    HttpHeaders sent =
        new DefaultHttpHeaders()
            .add("grpc-status", "0")
            .add("X-Checksum", "1")
            .add("Connection", "close")
            .add("Host", "evil")
            .add("Set-Cookie", "a=1")
            .add("Content-Type", "text/html")
            .add("Authorization", "x");
    assertThat(ForwardedRequest.trailers(new NettyHeaderFields(sent)).names())
        .containsExactlyInAnyOrder("grpc-status", "X-Checksum");
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
