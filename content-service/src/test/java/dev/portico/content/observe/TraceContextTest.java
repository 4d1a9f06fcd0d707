package dev.portico.content.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, section 3.2. */
class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void readsVersion00() {
    assertThat(TraceContext.of(VALID)).contains(new TraceContext(VALID, TRACE, SPAN));
  }

  @Test
  void readsALaterVersionAsFarAsItIsKnown() {
    String later = "01-" + TRACE + "-" + SPAN + "-09";
    assertThat(TraceContext.of(later + "-what\"ever"))
        .contains(new TraceContext(later, TRACE, SPAN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN + "-01x",
        "01-" + TRACE + "-" + SPAN + "-01x",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-0g",
        " 00-" + TRACE + "-" + SPAN + "-01",
      })
  void ignoresWhatIsNotValid(String header) {
    assertThat(TraceContext.of(header)).isEmpty();
  }

  @Test
  void thereMayBeNone() {
    assertThat(TraceContext.of(null)).isEmpty();
  }
}
