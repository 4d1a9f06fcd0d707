package dev.portico.auth.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, section 3.2. */
class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

  @Test
  void ofVersion00() {
    assertThat(TraceContext.of(VALID)).contains(new TraceContext(VALID, TRACE, SPAN));
  }

  @Test
  void ofALaterVersionAsFarAsItIsKnown() {
    String later = "cc-" + TRACE + "-" + SPAN + "-01";
    assertThat(TraceContext.of(later)).contains(new TraceContext(later, TRACE, SPAN));
    assertThat(TraceContext.of(later + "-\"more\"")).contains(new TraceContext(later, TRACE, SPAN));
  }

  @Test
  void ofNone() {
    assertThat(TraceContext.of(null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-0x",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "cc-" + TRACE + "-" + SPAN + "-01more",
        "0-" + TRACE + "-" + SPAN + "-01",
      })
  void ignoresWhatIsNotValid(String header) {
    assertThat(TraceContext.of(header)).isEmpty();
  }
}
