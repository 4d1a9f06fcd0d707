package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.ViewerRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDoorTest {
  private static final RequestDoor DOOR =
      new RequestDoor("192.0.2.7", "http", 0, true, new ConnectionMemory());

  private static Admission admit(
      HttpProtocol protocol,
      String method,
      String target,
      @Nullable String authority,
      String... headers) {
    return DOOR.admit(
        new RequestHead(protocol, method, target, authority, Fields.of(headers)), 1, 2);
  }

  private static ViewerRequest admitted(String target, String... headers) {
    Admission admission = admit(HttpProtocol.HTTP_1_1, "GET", target, null, headers);
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    return admission.request();
  }

  private static EdgeError refused(Admission admission) {
    assertThat(admission).isInstanceOf(Admission.Refused.class);
    return ((Admission.Refused) admission).error();
  }

  private static EdgeError refused(String method, String target, String... headers) {
    return refused(admit(HttpProtocol.HTTP_1_1, method, target, null, headers));
  }

  @Test
  void readsARequest() {
    ViewerRequest request = admitted("/a/../b%20c?x=1?2", "Host", "Demo.localhost:8080");
    assertThat(request.host()).isEqualTo("demo.localhost");
    assertThat(request.port()).isEqualTo(8080);
    assertThat(request.rawPath()).isEqualTo("/b%20c");
    assertThat(request.path()).isEqualTo("/b c");
    assertThat(request.query()).isEqualTo("x=1?2");
    assertThat(request.rawTarget()).isEqualTo("/b%20c?x=1?2");
    assertThat(request.clientAddress()).isEqualTo("192.0.2.7");
    assertThat(request.scheme()).isEqualTo("http");
    assertThat(request.receivedNanos()).isEqualTo(2);
    assertThat(admitted("/a?", "Host", "x").query()).isEmpty();
    assertThat(admitted("/a", "Host", "x").query()).isNull();
  }

  @Nested
  class Must {
    /** RFC 9112, section 3.2. */
    @Test
    void refuseAMissingRepeatedOrInvalidHost() {
      assertThat(refused("GET", "/")).isEqualTo(EdgeError.INVALID_HOST);
      assertThat(refused("GET", "/", "Host", "a", "Host", "a")).isEqualTo(EdgeError.INVALID_HOST);
      assertThat(refused("GET", "/", "Host", "")).isEqualTo(EdgeError.INVALID_HOST);
      assertThat(refused("GET", "/", "Host", "a, b")).isEqualTo(EdgeError.INVALID_HOST);
    }

    /** RFC 9112, section 3.2.2. */
    @Test
    void takeTheAuthorityOfAnAbsoluteTarget() {
      ViewerRequest request = admitted("http://b.example:81/x?y", "Host", "B.example:81");
      assertThat(request.authority()).isEqualTo("b.example:81");
      assertThat(request.rawTarget()).isEqualTo("/x?y");
      assertThat(admitted("HTTP://b.example", "Host", "b.example").rawPath()).isEqualTo("/");
      assertThat(admitted("http://b.example?q", "Host", "b.example").rawTarget()).isEqualTo("/?q");
      assertThat(refused("GET", "http://u@b/", "Host", "b")).isEqualTo(EdgeError.INVALID_HOST);
      assertThat(refused("GET", "http://b/", "Host", "a")).isEqualTo(EdgeError.INVALID_HOST);
      assertThat(refused("GET", "http://b/")).isEqualTo(EdgeError.INVALID_HOST);
    }

    /** RFC 9112, section 6.3. */
    @Test
    void refuseAmbiguousFraming() {
      assertThat(
              refused(
                  "POST", "/", "Host", "a", "Content-Length", "1", "Transfer-Encoding", "chunked"))
          .isEqualTo(EdgeError.MALFORMED_REQUEST);
      for (String coding : new String[] {"gzip, chunked", "chunked, chunked", "xchunked", ""}) {
        assertThat(refused("POST", "/", "Host", "a", "Transfer-Encoding", coding))
            .isEqualTo(EdgeError.MALFORMED_REQUEST);
      }
      for (String length : new String[] {"+1", "-1", "1, 1", "0x1", "", "9999999999999999999"}) {
        assertThat(refused("POST", "/", "Host", "a", "Content-Length", length))
            .as(length)
            .isEqualTo(EdgeError.MALFORMED_REQUEST);
      }
      assertThat(
              refused(
                  admit(
                      HttpProtocol.HTTP_1_0,
                      "POST",
                      "/",
                      null,
                      "Host",
                      "a",
                      "Transfer-Encoding",
                      "chunked")))
          .isEqualTo(EdgeError.MALFORMED_REQUEST);
    }

    /** RFC 9113, section 8.3.1. */
    @Test
    void refuseAHostThatDiffersFromTheAuthority() {
      assertThat(refused(admit(HttpProtocol.HTTP_2, "GET", "/", "a.example", "host", "b.example")))
          .isEqualTo(EdgeError.INVALID_HOST);
      assertThat(admit(HttpProtocol.HTTP_2, "GET", "/", "a.example", "host", "A.example"))
          .isInstanceOf(Admission.Admitted.class);
      assertThat(admit(HttpProtocol.HTTP_2, "GET", "/", "a.example"))
          .isInstanceOf(Admission.Admitted.class);
      assertThat(refused(admit(HttpProtocol.HTTP_2, "GET", "/", null)))
          .isEqualTo(EdgeError.INVALID_HOST);
    }

    /** RFC 9113, section 8.3.1: the authority stands in a field of its own. */
    @Test
    void refuseAnAbsoluteTargetInHttp2() {
      assertThat(refused(admit(HttpProtocol.HTTP_2, "GET", "http://b.example/", "a.example")))
          .isEqualTo(EdgeError.MALFORMED_REQUEST);
    }

    /** RFC 9110, section 10.1.1. */
    @Test
    void refuseOtherExpectations() {
      assertThat(refused("PUT", "/", "Host", "a", "Expect", "200-ok"))
          .isEqualTo(EdgeError.EXPECTATION_FAILED);
      assertThat(refused("PUT", "/", "Host", "a", "Expect", "100-continue", "Expect", "200-ok"))
          .isEqualTo(EdgeError.EXPECTATION_FAILED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE"})
  void refusesMethodsOfOtherRoles(String method) {
    assertThat(refused(method, "/", "Host", "a")).isEqualTo(EdgeError.NOT_IMPLEMENTED);
  }

  @Test
  void refusesMalformedTargets() {
    assertThat(refused("GET", "a", "Host", "a")).isEqualTo(EdgeError.MALFORMED_REQUEST);
    assertThat(refused("GET", "*", "Host", "a")).isEqualTo(EdgeError.MALFORMED_REQUEST);
    assertThat(refused("GET", "/%zz", "Host", "a")).isEqualTo(EdgeError.INVALID_PATH);
    assertThat(refused("GET", "/?a#b", "Host", "a")).isEqualTo(EdgeError.MALFORMED_REQUEST);
    assertThat(refused("G(T", "/", "Host", "a")).isEqualTo(EdgeError.MALFORMED_REQUEST);
  }
}
