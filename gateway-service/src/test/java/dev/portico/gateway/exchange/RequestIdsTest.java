package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static String requestId(long millis) {
    return RequestIds.of(millis, null).requestId();
  }

  @Test
  void requestIdsSortByTimeAndDiffer() {
    assertThat(requestId(1)).matches("[0-9a-f]{32}").startsWith("000000000001");
    assertThat(requestId(1)).isNotEqualTo(requestId(1));
    assertThat(requestId(1_700_000_000_000L)).isLessThan(requestId(1_700_000_000_001L));
  }

  @Test
  void partsMakeUpTheRequestId() {
    for (int i = 0; i < 10_000; i++) {
      RequestIds ids = RequestIds.of(1_700_000_000_000L + i, null);
      ByteBuffer parts = ByteBuffer.allocate(RequestIds.LENGTH);
      for (int part = 0; part < 4; part++) {
        parts.putLong(ids.requestIdPart(part));
      }
      assertThat(new String(parts.array(), StandardCharsets.US_ASCII)).isEqualTo(ids.requestId());
    }
  }

  @Test
  void theTraceContextOfARequestStaysTheSame() {
    RequestIds ids = RequestIds.of(1, null);
    assertThat(ids.traceparent()).isEqualTo(ids.traceparent());
    assertThat(ids.traceparent()).isNotEqualTo(RequestIds.of(1, null).traceparent());
  }

  @Test
  void saysWhichTraceAndWhichPartOfIt() {
    RequestIds own = RequestIds.of(1, null);
    assertThat(own.traceparent()).isEqualTo("00-" + own.traceId() + "-" + own.spanId() + "-00");
    RequestIds viewers = RequestIds.of(1, VALID);
    assertThat(VALID).startsWith("00-" + viewers.traceId() + "-").doesNotContain(viewers.spanId());
  }

  @Test
  void whatNobodyWaitsForIsNoPartOfTheViewersTrace() {
    RequestIds viewers = RequestIds.of(1, VALID);
    RequestIds background = viewers.background();
    assertThat(viewers.inBackground()).isFalse();
    assertThat(background.inBackground()).isTrue();
    assertThat(background.requestId()).isEqualTo(viewers.requestId());
    assertThat(background.sentTraceparent()).isNull();
    assertThat(background.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(background.traceId()).isNotEqualTo(viewers.traceId());
  }

  @Test
  void passesAValidTraceContextOn() {
    assertThat(RequestIds.of(1, VALID).traceparent()).isEqualTo(VALID);
  }

  /** As much of it as this version knows; what the rest says is not known. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
      })
  void passesALaterTraceContextOnAsOneOfThisVersion(String sent) {
    assertThat(RequestIds.of(1, sent).traceparent())
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "CC-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"
      })
  void makesANewOneInsteadOfAnInvalidOne(String sent) {
    assertThat(RequestIds.of(1, sent).traceparent())
        .isNotEqualTo(sent)
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }
}
