package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
  private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void requestIdsSortByTimeAndDiffer() {
    assertThat(RequestIds.requestId(1)).matches("[0-9a-f]{32}").startsWith("000000000001");
    assertThat(RequestIds.requestId(1)).isNotEqualTo(RequestIds.requestId(1));
    assertThat(RequestIds.requestId(1_700_000_000_000L))
        .isLessThan(RequestIds.requestId(1_700_000_000_001L));
  }

  @Test
  void passesAValidTraceContextOn() {
    assertThat(RequestIds.traceparent(VALID)).isEqualTo(VALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"
      })
  void makesANewOneInsteadOfAnInvalidOne(String sent) {
    assertThat(RequestIds.traceparent(sent))
        .isNotEqualTo(sent)
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }
}
