package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.semantics.FieldList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CloudFront's "Add CloudFront request headers", as far as a gateway knows. */
class ViewerFactTest {
  private static final String HANDSHAKE = "TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake";

  private static ViewerRequest request(HttpProtocol protocol, String... fields) {
    return new ViewerRequest(
        RequestIds.of(0, null),
        "GET",
        "https",
        "example.com",
        443,
        "/",
        "/",
        false,
        null,
        FieldList.of(fields),
        "2001:db8::1",
        protocol,
        0,
        new ConnectionMemory(HANDSHAKE));
  }

  @ParameterizedTest
  @CsvSource({
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36,DESKTOP",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148,MOBILE",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36,MOBILE",
    "Mozilla/5.0 (Linux; Android 15; SM-X910) Chrome/140.0 Safari/537.36,TABLET",
    "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Version/12.1 Mobile/15E148,TABLET",
    "Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0,TABLET",
    "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2) Chrome/140.0 Safari/537.36,TELEVISION",
    "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) Version/7.0 TV Safari/537.36,TELEVISION",
    "Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/108.0 Safari/537.36,TELEVISION",
    "'AppleTV14,1/17.0',TELEVISION",
    "curl/8.5.0,DESKTOP",
  })
  void whatIsHeldInHand(String agent, ViewerFact device) {
    ViewerRequest request = request(HttpProtocol.HTTP_1_1, "User-Agent", agent);
    for (ViewerFact each :
        new ViewerFact[] {
          ViewerFact.DESKTOP, ViewerFact.MOBILE, ViewerFact.TABLET, ViewerFact.TELEVISION
        }) {
      assertThat(each.of(request, false)).isEqualTo(Boolean.toString(each == device));
    }
    assertThat(ViewerFact.DESKTOP.of(request(HttpProtocol.HTTP_1_1), false)).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148,true,false",
    "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Mobile/15E148,true,false",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) Mobile Safari/537.36,false,true",
    "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2) Safari/537.36,false,true",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15,false,false",
    "'',false,false",
  })
  void whatItRuns(String agent, boolean ios, boolean android) {
    ViewerRequest request = request(HttpProtocol.HTTP_1_1, "User-Agent", agent);
    assertThat(ViewerFact.IOS.of(request, false)).isEqualTo(Boolean.toString(ios));
    assertThat(ViewerFact.ANDROID.of(request, false)).isEqualTo(Boolean.toString(android));
    assertThat(ViewerFact.named("CloudFront-Is-IOS-Viewer")).isEqualTo(ViewerFact.IOS);
    assertThat(ViewerFact.named("CloudFront-Is-SmartTV-Viewer")).isEqualTo(ViewerFact.TELEVISION);
  }

  @Test
  void theVersionIsKnownWithoutProxiesAlone() {
    assertThat(ViewerFact.HTTP_VERSION.of(request(HttpProtocol.HTTP_1_0), true)).isEqualTo("1.0");
    assertThat(ViewerFact.HTTP_VERSION.of(request(HttpProtocol.HTTP_1_1), true)).isEqualTo("1.1");
    assertThat(ViewerFact.HTTP_VERSION.of(request(HttpProtocol.HTTP_2), true)).isEqualTo("2.0");
    assertThat(ViewerFact.HTTP_VERSION.of(request(HttpProtocol.HTTP_2), false)).isNull();
  }

  @Test
  void theHandshakeIsKnownWithoutProxiesAlone() {
    assertThat(ViewerFact.named("CloudFront-Viewer-TLS")).isEqualTo(ViewerFact.TLS);
    assertThat(ViewerFact.TLS.of(request(HttpProtocol.HTTP_2), true)).isEqualTo(HANDSHAKE);
    assertThat(ViewerFact.TLS.of(request(HttpProtocol.HTTP_2), false)).isNull();
  }

  @Test
  void addressAndScheme() {
    assertThat(ViewerFact.ADDRESS.of(request(HttpProtocol.HTTP_2), false)).isEqualTo("2001:db8::1");
    assertThat(ViewerFact.FORWARDED_PROTO.of(request(HttpProtocol.HTTP_2), false))
        .isEqualTo("https");
  }

  @Test
  void namesAreCloudFronts() {
    assertThat(ViewerFact.named("CloudFront-Is-Mobile-Viewer")).isEqualTo(ViewerFact.MOBILE);
    assertThat(ViewerFact.named("CloudFront-Viewer-Country")).isNull();
  }
}
